package dev.islet.dns.update;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.dnssec.KeyStore;
import dev.islet.dns.dnssec.SignedStore;
import dev.islet.dns.dnssec.Signing;
import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.policy.UpdatePolicy;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.Tsig;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.Zone;
import dev.islet.testkit.VirtualLoop;
import dev.islet.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

class UpdateEngineTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  private static final TsigKey KEY =
      new TsigKey(Name.fromConstantString("dhcp-dns."), TsigAlgorithm.HMAC_SHA256, new byte[32]);
  private static final TsigKey OTHER =
      new TsigKey(Name.fromConstantString("other."), TsigAlgorithm.HMAC_SHA256, new byte[32]);
  private static final UpdatePolicy POLICY =
      new UpdatePolicy(Set.of(KEY.name()), Optional.empty(), Set.of());

  private final UpdateEngine engine = new UpdateEngine(unsigned());
  private final VirtualLoop<UpdateEvent, UpdateAction> loop = new VirtualLoop<>(engine);
  private final List<Change> journal = new ArrayList<>();
  private Zone zone = master();

  private static Zone master(String... more) {
    var lines =
        new ArrayList<>(
            List.of(
                "@ SOA ns host 10 3600 900 86400 60",
                "@ NS ns",
                "ns A 10.0.0.1",
                "nas 300 A 10.0.0.2",
                "files CNAME nas"));
    lines.addAll(Arrays.asList(more));
    try {
      return MasterFile.lines(lines, HOME, "test");
    } catch (ZoneFault e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void serve() {
    give(POLICY);
  }

  private void give(UpdatePolicy policy) {
    zone =
        engine
            .masters(
                List.of(new UpdateEngine.Master(master(), policy)),
                Map.of(KEY.name(), KEY, OTHER.name(), OTHER))
            .getFirst();
  }

  private int send(Consumer<Update> fill) {
    var update = new Update(HOME);
    fill.accept(update);
    return send(update.toWire(), KEY);
  }

  private int send(byte[] message, @org.jspecify.annotations.Nullable TsigKey key) {
    return deliver(key == null ? message : Tsig.signRequest(message, key, NOW));
  }

  private int deliver(byte[] bytes) {
    var view = new MessageView();
    assertThat(view.read(ByteBuffer.wrap(bytes))).as(view.malformed().toString()).isTrue();
    var actions =
        loop.on(
            new UpdateEvent.Arrived(
                bytes,
                view.tsigAt(),
                view.questionEnd(),
                view.count(0),
                new InetSocketAddress("127.0.0.1", 9),
                NOW,
                reply -> {}));
    int rcode = -1;
    for (var action : actions) {
      switch (action) {
        case UpdateAction.Keep(var change) -> journal.add(change);
        case UpdateAction.Publish(var next) -> zone = next;
        case UpdateAction.Say(var to, var code, var message, var failed) -> {
          rcode = code;
          try {
            assertThat(new Message(message).getHeader().getOpcode()).isEqualTo(Opcode.UPDATE);
            assertThat(new Message(message).getRcode()).isEqualTo(code);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        }
        case UpdateAction.Tell tell -> assertThat(tell.event().note()).isNotEmpty();
      }
    }
    engine.settled();
    return rcode;
  }

  private static Name n(String text) {
    return text.endsWith(".")
        ? Name.fromConstantString(text)
        : Name.fromConstantString(text + ".home.arpa.");
  }

  private static Record r(String name, int type, String data) {
    try {
      return Record.fromString(n(name), type, DClass.IN, 300, data, HOME);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String at(String name, int type) {
    return zone.at(n(name), type)
        .map(s -> s.ttl() + " " + s.records().stream().map(Record::rdataToString).sorted().toList())
        .orElse("none");
  }

  @Test
  void records_are_added_and_the_serial_goes_on() {
    assertThat(send(u -> u.add(r("new", Type.A, "10.0.0.9")))).isEqualTo(Rcode.NOERROR);
    assertThat(at("new", Type.A)).isEqualTo("300 [10.0.0.9]");
    assertThat(zone.serial()).isEqualTo(11);
    assertThat(journal).hasSize(1);
    assertThat(send(u -> u.add(r("new", Type.A, "10.0.0.9")))).isEqualTo(Rcode.NOERROR);
    assertThat(zone.serial()).as("nothing changed").isEqualTo(11);
    assertThat(journal).hasSize(1);
  }

  @Test
  void a_new_ttl_is_taken_over_by_the_whole_set() {
    send(u -> u.add(new ARecord(n("nas"), DClass.IN, 77, ip(3))));
    assertThat(at("nas", Type.A)).isEqualTo("77 [10.0.0.2, 10.0.0.3]");
    assertThat(journal.getFirst().added()).hasSize(2);
  }

  @Test
  void single_records_sets_and_names_are_deleted() {
    send(
        u -> {
          u.add(r("x", Type.A, "10.0.0.9"));
          u.add(r("x", Type.A, "10.0.0.8"));
          u.add(r("x", Type.TXT, "t"));
        });
    send(u -> u.delete(r("x", Type.A, "10.0.0.9")));
    assertThat(at("x", Type.A)).isEqualTo("300 [10.0.0.8]");
    send(u -> u.delete(n("x"), Type.TXT));
    assertThat(at("x", Type.TXT)).isEqualTo("none");
    send(u -> u.delete(n("x")));
    assertThat(zone.at(n("x"))).isEmpty();
    assertThat(zone.serial()).isEqualTo(14);
  }

  @Test
  void prerequisites_decide_with_the_codes_of_the_standard() {
    assertThat(send(u -> check(u, u2 -> u2.absent(n("nas"))))).isEqualTo(Rcode.YXDOMAIN);
    assertThat(send(u -> check(u, u2 -> u2.present(n("none"))))).isEqualTo(Rcode.NXDOMAIN);
    assertThat(send(u -> check(u, u2 -> u2.absent(n("nas"), Type.A)))).isEqualTo(Rcode.YXRRSET);
    assertThat(send(u -> check(u, u2 -> u2.present(n("nas"), Type.TXT)))).isEqualTo(Rcode.NXRRSET);
    assertThat(send(u -> check(u, u2 -> present(u2, r("nas", Type.A, "10.0.0.3")))))
        .isEqualTo(Rcode.NXRRSET);
    assertThat(zone.serial()).isEqualTo(10);
    assertThat(
            send(
                u ->
                    check(
                        u,
                        u2 -> {
                          u2.absent(n("none"));
                          u2.present(n("nas"));
                          u2.absent(n("nas"), Type.TXT);
                          u2.present(n("nas"), Type.A);
                          present(u2, r("nas", Type.A, "10.0.0.2"));
                        })))
        .isEqualTo(Rcode.NOERROR);
    assertThat(zone.serial()).isEqualTo(11);
    assertThat(send(u -> check(u, u2 -> u2.present(n("x.example."))))).isEqualTo(Rcode.NOTZONE);
  }

  private static void check(Update update, Consumer<Update> prerequisites) {
    prerequisites.accept(update);
    update.add(r("guarded", Type.A, "10.0.0.9"));
  }

  private static void present(Update update, Record record) {
    update.addRecord(
        Record.newRecord(
            record.getName(), record.getType(), DClass.IN, 0, record.rdataToWireCanonical()),
        Section.PREREQ);
  }

  @Test
  void all_or_nothing() {
    assertThat(
            send(
                u -> {
                  u.add(r("one", Type.A, "10.0.0.9"));
                  u.add(r("x.example.", Type.A, "10.0.0.9"));
                }))
        .isEqualTo(Rcode.NOTZONE);
    assertThat(at("one", Type.A)).isEqualTo("none");
    assertThat(journal).isEmpty();
  }

  @Test
  void what_has_no_place_in_an_update_is_formerr() {
    assertThat(raw(n("a"), Type.ANY, DClass.IN, 0)).isEqualTo(Rcode.FORMERR);
    assertThat(raw(n("a"), Type.AXFR, DClass.ANY, 0)).isEqualTo(Rcode.FORMERR);
    assertThat(raw(n("a"), Type.A, DClass.ANY, 5)).isEqualTo(Rcode.FORMERR);
    assertThat(raw(n("a"), Type.ANY, DClass.NONE, 0)).isEqualTo(Rcode.FORMERR);
    assertThat(raw(n("a"), Type.A, DClass.CH, 0)).isEqualTo(Rcode.FORMERR);
    assertThat(raw(n("a"), Type.A, DClass.IN, 0)).as("no data").isEqualTo(Rcode.FORMERR);
  }

  private int raw(Name name, int type, int dclass, long ttl) {
    var wire = new Update(HOME).toWire();
    var owner = name.toWire();
    var out = ByteBuffer.allocate(wire.length + owner.length + 10);
    out.put(wire).put(owner).putShort((short) type).putShort((short) dclass);
    out.putInt((int) ttl).putShort((short) 0);
    out.putShort(8, (short) 1);
    return send(out.array(), KEY);
  }

  @Test
  void an_alias_and_other_data_never_meet() {
    send(u -> u.add(r("files", Type.A, "10.0.0.9")));
    assertThat(at("files", Type.A)).isEqualTo("none");
    send(u -> u.add(r("nas", Type.CNAME, "ns")));
    assertThat(at("nas", Type.CNAME)).isEqualTo("none");
    assertThat(zone.serial()).isEqualTo(10);
    send(u -> u.add(r("files", Type.CNAME, "ns")));
    assertThat(at("files", Type.CNAME)).isEqualTo("300 [ns.home.arpa.]");
  }

  @Test
  void the_top_keeps_its_soa_and_its_last_server() {
    send(u -> u.delete(HOME));
    send(u -> u.delete(HOME, Type.NS));
    send(u -> u.delete(HOME, Type.SOA));
    send(u -> u.delete(r("home.arpa.", Type.NS, "ns")));
    assertThat(zone.at(HOME, Type.NS)).isPresent();
    assertThat(zone.serial()).isEqualTo(10);
    send(u -> u.add(r("home.arpa.", Type.NS, "ns2")));
    send(u -> u.delete(r("home.arpa.", Type.NS, "ns")));
    assertThat(at("home.arpa.", Type.NS)).isEqualTo("300 [ns2.home.arpa.]");
  }

  @Test
  void an_soa_is_taken_only_with_a_later_serial() {
    send(u -> u.add(r("home.arpa.", Type.SOA, "ns new-host 9 1 2 3 4")));
    assertThat(zone.serial()).isEqualTo(10);
    send(u -> u.add(r("home.arpa.", Type.SOA, "ns new-host 50 1 2 3 4")));
    assertThat(zone.serial()).isEqualTo(50);
    assertThat(zone.start().getAdmin()).isEqualTo(n("new-host"));
  }

  @Test
  void zone_and_signature_are_checked_first() {
    var add = r("new", Type.A, "10.0.0.9");
    var update = new Update(HOME);
    update.add(add);
    assertThat(send(update.toWire(), null)).isEqualTo(Rcode.REFUSED);
    assertThat(send(update.toWire(), OTHER)).isEqualTo(Rcode.REFUSED);
    var wrong = new TsigKey(KEY.name(), KEY.algorithm(), "another secret".getBytes());
    assertThat(send(update.toWire(), wrong)).isEqualTo(Rcode.NOTAUTH);
    assertThat(send(new Update(n("other.")).toWire(), KEY)).isEqualTo(Rcode.NOTAUTH);
    assertThat(send(new Update(HOME, DClass.CH).toWire(), KEY)).isEqualTo(Rcode.NOTAUTH);
    var type = update.toWire();
    type[HOME.length() + 13] = 1; // ZTYPE A
    assertThat(send(type, KEY)).isEqualTo(Rcode.FORMERR);
    assertThat(journal).isEmpty();
  }

  @Test
  void a_policy_may_allow_only_some_names_and_types() {
    give(new UpdatePolicy(Set.of(KEY.name()), Optional.of(n("dyn")), Set.of(Type.A, Type.TXT)));
    assertThat(send(u -> u.add(r("x.dyn", Type.A, "10.0.0.9")))).isEqualTo(Rcode.NOERROR);
    assertThat(send(u -> u.add(r("x.dyn", Type.AAAA, "::1")))).isEqualTo(Rcode.REFUSED);
    assertThat(send(u -> u.add(r("x", Type.A, "10.0.0.9")))).isEqualTo(Rcode.REFUSED);
    assertThat(send(u -> u.delete(n("x.dyn")))).as("all types").isEqualTo(Rcode.REFUSED);
    assertThat(send(u -> u.delete(n("x.dyn"), Type.A))).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void what_was_not_kept_never_happened() {
    var update = new Update(HOME);
    update.add(r("lost", Type.A, "10.0.0.9"));
    var bytes = Tsig.signRequest(update.toWire(), KEY, NOW);
    var view = new MessageView();
    view.read(ByteBuffer.wrap(bytes));
    var client = new InetSocketAddress("127.0.0.1", 9);
    loop.on(
        new UpdateEvent.Arrived(
            bytes, view.tsigAt(), view.questionEnd(), 1, client, NOW, reply -> {}));
    engine.undone();
    send(u -> u.add(r("kept", Type.A, "10.0.0.9")));
    assertThat(at("lost", Type.A)).isEqualTo("none");
    assertThat(at("kept", Type.A)).isNotEqualTo("none");
    assertThat(zone.serial()).isEqualTo(11);
  }

  @Test
  void replayed_over_its_master_file_a_zone_is_as_it_was() {
    send(u -> u.add(r("a", Type.A, "10.0.0.9")));
    send(u -> u.add(r("b", Type.TXT, "t")));
    send(u -> u.delete(n("a")));
    send(u -> u.delete(r("nas", Type.A, "10.0.0.2")));
    for (var changes : List.of(List.copyOf(journal), engine.sums())) {
      var again = new UpdateEngine(unsigned());
      changes.forEach(again::replay);
      var zones = again.masters(List.of(new UpdateEngine.Master(master(), POLICY)), Map.of());
      var after = zones.getFirst();
      assertThat(after.serial()).isEqualTo(14);
      assertThat(after.records().map(Record::toString).sorted())
          .containsExactlyElementsOf(zone.records().map(Record::toString).sorted().toList());
    }
    assertThat(engine.sums().getFirst().added()).hasSize(1);
  }

  @Test
  void an_edited_master_file_keeps_the_updates_and_gets_a_later_serial() {
    send(u -> u.add(r("dyn", Type.A, "10.0.0.9")));
    var edited =
        engine.masters(
            List.of(new UpdateEngine.Master(master("printer A 10.0.0.7"), POLICY)),
            Map.of(KEY.name(), KEY));
    zone = edited.getFirst();
    assertThat(at("dyn", Type.A)).isNotEqualTo("none");
    assertThat(at("printer", Type.A)).isNotEqualTo("none");
    assertThat(zone.serial()).isEqualTo(12);
    send(u -> u.add(r("more", Type.A, "10.0.0.9")));
    assertThat(zone.serial()).isEqualTo(13);
  }

  @Test
  void what_was_deleted_stays_deleted_though_the_master_file_holds_it() {
    send(u -> u.add(new ARecord(n("nas"), DClass.IN, 77, ip(2)))); // another TTL
    send(u -> u.delete(n("nas")));
    assertThat(zone.at(n("nas"))).isEmpty();
    for (var changes : List.of(List.copyOf(journal), engine.sums())) {
      var again = new UpdateEngine(unsigned());
      changes.forEach(again::replay);
      var after =
          again.masters(List.of(new UpdateEngine.Master(master(), POLICY)), Map.of()).getFirst();
      assertThat(after.at(n("nas"))).isEmpty();
    }
  }

  @Test
  void names_that_come_and_go_leave_no_trace() {
    for (int i = 0; i < 50; i++) {
      var record = r("guest-" + i, Type.A, "10.0.0." + i);
      send(u -> u.add(record));
      send(u -> u.delete(record));
    }
    var sum = engine.sums().getFirst();
    assertThat(sum.removed()).isEmpty();
    assertThat(sum.added()).isEmpty();
    assertThat(sum.serial()).isEqualTo(110);
  }

  @Test
  void a_conflicting_edit_of_the_master_file_wins() {
    send(u -> u.add(r("dyn", Type.A, "10.0.0.9")));
    zone =
        engine
            .masters(List.of(new UpdateEngine.Master(master("dyn CNAME nas"), POLICY)), Map.of())
            .getFirst();
    assertThat(at("dyn", Type.A)).isEqualTo("none");
    assertThat(at("dyn", Type.CNAME)).isNotEqualTo("none");
  }

  private static InetAddress ip(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Signing unsigned() {
    return new Signing(
        new VirtualTime(), new SecureRandom(), KeyStore.inMemory(), SignedStore.NONE, event -> {});
  }
}
