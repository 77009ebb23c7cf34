package dev.islet.dns.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.wire.TsigStream;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Good and hostile primaries, message by message. */
class TransferDialogTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final TransferLimits LIMITS =
      new TransferLimits(10_000, 100, Duration.ofMinutes(1));

  static Record r(String owner, int type, String data) {
    try {
      return Record.fromString(Name.fromString(owner, HOME), type, DClass.IN, 300, data, HOME);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  static Record soa(long serial) {
    return r("@", Type.SOA, "ns host " + serial + " 3600 900 86400 60");
  }

  static Zone zone(long serial, Record... more) {
    var builder = new ZoneBuilder(HOME);
    builder.add(soa(serial));
    builder.add(r("@", Type.NS, "ns"));
    builder.add(r("ns", Type.A, "192.0.2.1"));
    Arrays.stream(more).forEach(m -> assertThat(builder.add(m)).isEmpty());
    return builder.build();
  }

  static TsigKey key(TsigAlgorithm algorithm) {
    return new TsigKey(Name.fromConstantString("k."), algorithm, new byte[32]);
  }

  private static TransferDialog dialog(Optional<Zone> held, Optional<TsigKey> key) {
    return new TransferDialog(HOME, held, key, LIMITS, new Random(7));
  }

  /** An answer of the primary to what was asked last. */
  private static byte[] reply(byte[] query, int rcode, Record... records) {
    try {
      var asked = new Message(query);
      var reply = new Message(asked.getHeader().getID());
      reply.getHeader().setFlag(Flags.QR);
      reply.getHeader().setFlag(Flags.AA);
      reply.getHeader().setRcode(rcode);
      reply.addRecord(asked.getQuestion(), Section.QUESTION);
      Arrays.stream(records).forEach(a -> reply.addRecord(a, Section.ANSWER));
      return reply.toWire();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int asked(TransferDialog.Step step) throws java.io.IOException {
    return new Message(((TransferDialog.Step.Ask) step).message()).getQuestion().getType();
  }

  private static byte[] question(TransferDialog.Step step) {
    return ((TransferDialog.Step.Ask) step).message();
  }

  private static String fault(TransferDialog.Step step) {
    assertThat(step).isInstanceOf(TransferDialog.Step.End.class);
    var outcome = ((TransferDialog.Step.End) step).outcome();
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).why();
  }

  /** AXFR of nothing held, all in one message. */
  private static TransferDialog.Step axfr(Record... records) {
    var dialog = dialog(Optional.empty(), Optional.empty());
    return dialog.on(reply(dialog.begin(NOW), Rcode.NOERROR, records), NOW);
  }

  /** IXFR over what is held, all in one message. */
  private static TransferDialog.Step ixfr(Zone held, Record... records) {
    var dialog = dialog(Optional.of(held), Optional.empty());
    var next = dialog.on(reply(dialog.begin(NOW), Rcode.NOERROR, soa(9)), NOW);
    return dialog.on(reply(question(next), Rcode.NOERROR, records), NOW);
  }

  private static final Record NS = r("@", Type.NS, "ns");
  private static final Record GLUE = r("ns", Type.A, "192.0.2.1");
  private static final Record PC = r("pc", Type.A, "10.0.0.2");

  @Test
  void a_whole_zone_over_several_messages() {
    var dialog = dialog(Optional.empty(), Optional.empty());
    var query = dialog.begin(NOW);
    for (var record : List.of(soa(5), NS, GLUE, PC)) {
      assertThat(dialog.on(reply(query, Rcode.NOERROR, record), NOW))
          .isEqualTo(new TransferDialog.Step.More());
    }
    var end = (TransferDialog.Step.End) dialog.on(reply(query, Rcode.NOERROR, soa(5)), NOW);
    assertThat(((Outcome.Whole) end.outcome()).zone().sameAs(zone(5, PC))).isTrue();
  }

  @Test
  void differences_lead_over_several_serials() {
    var end =
        (TransferDialog.Step.End)
            ixfr(
                zone(7, PC),
                soa(9),
                soa(7),
                PC,
                soa(8),
                r("tv", Type.A, "10.0.0.3"),
                soa(8),
                r("tv", Type.A, "10.0.0.3"),
                soa(9),
                r("tv", Type.A, "10.0.0.4"),
                soa(9));
    var changed = (Outcome.Changed) end.outcome();
    assertThat(changed.zone().sameAs(zone(9, r("tv", Type.A, "10.0.0.4")))).isTrue();
    assertThat(changed.steps()).hasSize(2);
  }

  @Test
  void a_whole_zone_may_answer_ixfr() {
    var end = (TransferDialog.Step.End) ixfr(zone(7), soa(9), NS, GLUE, PC, soa(9));
    assertThat(((Outcome.Whole) end.outcome()).zone().sameAs(zone(9, PC))).isTrue();
  }

  @Test
  void the_same_serial_is_up_to_date_and_an_older_one_is_not_taken() {
    var dialog = dialog(Optional.of(zone(7)), Optional.empty());
    assertThat(dialog.on(reply(dialog.begin(NOW), Rcode.NOERROR, soa(7)), NOW))
        .isEqualTo(new TransferDialog.Step.End(new Outcome.UpToDate()));
    dialog = dialog(Optional.of(zone(7)), Optional.empty());
    assertThat(fault(dialog.on(reply(dialog.begin(NOW), Rcode.NOERROR, soa(6)), NOW)))
        .contains("behind");
    dialog = dialog(Optional.of(zone(0xFFFF_FFFFL)), Optional.empty());
    assertThat(dialog.on(reply(dialog.begin(NOW), Rcode.NOERROR, soa(3)), NOW))
        .as("serials go round (RFC 1982)")
        .isInstanceOf(TransferDialog.Step.Ask.class);
  }

  @Test
  void ixfr_that_is_not_known_or_does_not_fit_becomes_axfr() throws Exception {
    var dialog = dialog(Optional.of(zone(7)), Optional.empty());
    var next = dialog.on(reply(dialog.begin(NOW), Rcode.NOERROR, soa(9)), NOW);
    assertThat(asked(next)).isEqualTo(Type.IXFR);
    assertThat(asked(dialog.on(reply(question(next), Rcode.NOTIMP), NOW))).isEqualTo(Type.AXFR);
    var absent = ixfr(zone(7), soa(9), soa(7), PC, soa(9), soa(9));
    assertThat(asked(absent)).as("removes what is not there").isEqualTo(Type.AXFR);
    assertThat(((TransferDialog.Step.Ask) absent).anew()).isTrue();
    var alias = ixfr(zone(7), soa(9), soa(7), soa(9), r("ns", Type.CNAME, "x"), soa(9));
    assertThat(asked(alias)).as("an alias beside other data").isEqualTo(Type.AXFR);
    var bare = ixfr(zone(7), soa(9), soa(7), NS, soa(9), soa(9));
    assertThat(asked(bare)).as("no NS left").isEqualTo(Type.AXFR);
  }

  @Test
  void what_is_no_zone_is_refused() {
    assertThat(fault(axfr(NS, soa(5)))).contains("first record is no SOA");
    assertThat(fault(axfr(soa(5), NS, soa(6)))).contains("not the first one");
    assertThat(fault(axfr(soa(5), GLUE, soa(5)))).contains("no NS");
    assertThat(fault(axfr(soa(5), NS, r("evil.example.", Type.A, "10.0.0.1"), soa(5))))
        .contains("out of the zone");
    assertThat(fault(axfr(soa(5), NS, r("x", Type.SOA, "a b 5 1 1 1 1"), soa(5))))
        .contains("below the top");
    assertThat(fault(axfr(soa(5), NS, GLUE, r("ns", Type.CNAME, "x"), soa(5)))).contains("CNAME");
    assertThat(fault(axfr(soa(5), NS, soa(5), GLUE))).contains("after the end");
    assertThat(fault(axfr())).contains("without records");
    var dialog = dialog(Optional.empty(), Optional.empty());
    assertThat(fault(dialog.on(reply(dialog.begin(NOW), Rcode.REFUSED), NOW))).contains("REFUSED");
  }

  @Test
  void an_endless_transfer_ends_by_records_and_by_bytes() {
    var dialog = dialog(Optional.empty(), Optional.empty());
    var query = dialog.begin(NOW);
    var step = dialog.on(reply(query, Rcode.NOERROR, soa(5), NS), NOW);
    for (int i = 0; step instanceof TransferDialog.Step.More && i < 1_000; i++) {
      step = dialog.on(reply(query, Rcode.NOERROR, r("h" + i, Type.A, "10.0.0.1")), NOW);
    }
    assertThat(fault(step)).contains("more than 100 records");
    dialog = dialog(Optional.empty(), Optional.empty());
    query = dialog.begin(NOW);
    step = dialog.on(reply(query, Rcode.NOERROR, soa(5), NS), NOW);
    for (int i = 0; step instanceof TransferDialog.Step.More && i < 1_000; i++) {
      step = dialog.on(reply(query, Rcode.NOERROR, r("h" + i, Type.TXT, "x".repeat(250))), NOW);
    }
    assertThat(fault(step)).contains("more than 10000 bytes");
  }

  @Test
  void malformed_messages_and_other_answers_are_refused() {
    var dialog = dialog(Optional.empty(), Optional.empty());
    var good = reply(dialog.begin(NOW), Rcode.NOERROR, soa(5), NS);
    var loop = good.clone();
    loop[12 + HOME.length() + 4] = (byte) 0xC0; // the owner points to itself
    loop[12 + HOME.length() + 5] = (byte) (12 + HOME.length() + 4);
    assertThat(fault(dialog.on(loop, NOW))).contains("malformed");
    var id = good.clone();
    id[1] ^= 1;
    assertThat(fault(dialog.on(id, NOW))).contains("no answer to what was asked");
    var random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      var bent = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bent[2 + random.nextInt(bent.length - 2)] = (byte) random.nextInt();
      }
      var fresh = dialog(Optional.empty(), Optional.empty());
      fresh.begin(NOW);
      assertThat(fresh.on(bent, NOW)).isNotNull();
    }
  }

  /** What the primary signs is made by the other half of the same class; BIND's are in CI too. */
  private static List<byte[]> signed(byte[] query, TsigKey key, List<byte[]> plain) {
    var view = new dev.islet.dns.wire.MessageView();
    view.read(java.nio.ByteBuffer.wrap(query));
    var good =
        (dev.islet.dns.wire.Tsig.Verdict.Good)
            dev.islet.dns.wire.Tsig.check(
                query, view.tsigAt(), java.util.Map.of(key.name(), key), NOW);
    var stream = TsigStream.answering(good);
    var all = new ArrayList<byte[]>();
    plain.forEach(p -> all.add(stream.sign(p, NOW)));
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void signed_streams_are_checked_as_a_whole(TsigAlgorithm algorithm) {
    var key = key(algorithm);
    for (var fault : new String[] {"none", "order", "lost", "bent", "bare"}) {
      var dialog = dialog(Optional.empty(), Optional.of(key));
      var query = dialog.begin(NOW);
      var messages =
          signed(
              query,
              key,
              List.of(
                  reply(query, Rcode.NOERROR, soa(5), NS),
                  reply(query, Rcode.NOERROR, GLUE),
                  reply(query, Rcode.NOERROR, PC),
                  reply(query, Rcode.NOERROR, soa(5))));
      switch (fault) {
        case "order" -> java.util.Collections.swap(messages, 1, 2);
        case "lost" -> messages.remove(1);
        case "bent" -> messages.get(2)[40] ^= 1;
        case "bare" -> messages.set(3, reply(query, Rcode.NOERROR, soa(5)));
        default -> {}
      }
      TransferDialog.Step step = new TransferDialog.Step.More();
      for (int i = 0; i < messages.size() && step instanceof TransferDialog.Step.More; i++) {
        step = dialog.on(messages.get(i), NOW);
      }
      if (fault.equals("none")) {
        assertThat(((TransferDialog.Step.End) step).outcome()).isInstanceOf(Outcome.Whole.class);
      } else {
        assertThat(fault(step)).as(fault).containsAnyOf("sign", "malformed", "no answer");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301})
  void a_clock_that_is_wrong_is_told_apart_from_a_wrong_key(long off) {
    var key = key(TsigAlgorithm.HMAC_SHA256);
    var dialog = dialog(Optional.empty(), Optional.of(key));
    var query = dialog.begin(NOW);
    var message = signed(query, key, List.of(reply(query, Rcode.NOERROR, soa(5), NS))).getFirst();
    assertThat(fault(dialog.on(message, NOW.plusSeconds(off)))).contains("from our clock");
    var view = new dev.islet.dns.wire.MessageView();
    view.read(java.nio.ByteBuffer.wrap(query));
    var bad =
        (dev.islet.dns.wire.Tsig.Verdict.Bad)
            dev.islet.dns.wire.Tsig.check(
                query, view.tsigAt(), java.util.Map.of(key.name(), key), NOW.plusSeconds(off));
    var error =
        dev.islet.dns.wire.Tsig.signError(reply(query, Rcode.NOTAUTH), bad, NOW.plusSeconds(off));
    dialog = dialog(Optional.empty(), Optional.of(key));
    assertThat(dialog.begin(NOW)).isEqualTo(query);
    assertThat(fault(dialog.on(error, NOW))).contains("BADTIME", NOW.plusSeconds(off).toString());
  }
}
