package dev.islet.dns.update;

import dev.islet.core.engine.Engine;
import dev.islet.dns.dnssec.Signing;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.policy.UpdatePolicy;
import dev.islet.dns.wire.Tsig;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.SerialPolicy;
import dev.islet.dns.zone.Zone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Takes updates one after another, so that each sees the zone as the one before left it.
 *
 * <p>Its zones run ahead of the published ones within a batch. {@link #settled} and {@link #undone}
 * tell it whether the batch became durable: in the second case it goes back to what was published,
 * and those who waited hear SERVFAIL.
 */
public final class UpdateEngine implements Engine<UpdateEvent, UpdateAction> {
  private static final int OPCODE_UPDATE = 5;

  /**
   * A zone as the operator wrote it.
   *
   * @param zone of the master file or of code
   * @param policy who may change it
   * @param serial how its serial goes on
   * @param read when
   */
  public record Master(Zone zone, UpdatePolicy policy, SerialPolicy serial, Instant read) {
    /** A zone whose serial is the operator's affair. */
    public Master(Zone zone, UpdatePolicy policy) {
      this(zone, policy, SerialPolicy.KEEP, Instant.EPOCH);
    }
  }

  private static final class Slot {
    final Master master;
    final Baseline base;
    final Delta delta;
    Zone zone;

    Slot(Master master, Delta delta) {
      this.master = master;
      this.base = new Baseline(master.zone());
      this.delta = delta;
      this.zone = delta.over(master, base);
    }
  }

  private final Signing signing;
  private final Map<Name, Delta> deltas = new HashMap<>();
  private final Map<Name, Zone> settled = new HashMap<>();
  private final List<Change> unsettled = new ArrayList<>();
  private Map<Name, Slot> slots = new LinkedHashMap<>();
  private Map<Name, TsigKey> keys = Map.of();

  /**
   * @param signing tells which zones want to be published again, signed anew
   */
  public UpdateEngine(Signing signing) {
    this.signing = signing;
  }

  /** What zones are signed by before they are published. */
  public Signing signing() {
    return signing;
  }

  /** A change read back from the journal, before the zones are given. */
  public void replay(Change change) {
    deltas.computeIfAbsent(change.zone(), Delta::new).add(change);
  }

  /**
   * Takes the operator's zones, at the start and at each reload; what updates changed stays on top.
   * Changes of a zone that is no longer there are kept, in case it comes back.
   *
   * @return the zones to be served
   */
  public List<Zone> masters(List<Master> masters, Map<Name, TsigKey> keyring) {
    var next = new LinkedHashMap<Name, Slot>();
    for (var master : masters) {
      var origin = master.zone().origin();
      next.put(origin, new Slot(master, deltas.computeIfAbsent(origin, Delta::new)));
    }
    slots = next;
    keys = Map.copyOf(keyring);
    settled.clear();
    next.forEach((origin, slot) -> settled.put(origin, slot.zone));
    return List.copyOf(settled.values());
  }

  /**
   * The serials that {@link #masters} gave to new or edited files by the zones' policies: they are
   * to be kept, since no file tells them.
   */
  public List<Change> renumbered() {
    var news = new ArrayList<Change>();
    slots.forEach(
        (origin, slot) -> {
          if (slot.master.serial() != SerialPolicy.KEEP && slot.delta.isNews(slot.base)) {
            var change =
                new Change(origin, slot.base.text(), slot.zone.serial(), List.of(), List.of());
            slot.delta.add(change);
            news.add(change);
          }
        });
    return news;
  }

  /** All that was changed, as few entries as possible: what a compacted journal holds. */
  public List<Change> sums() {
    return deltas.values().stream().filter(d -> !d.isEmpty()).map(Delta::sum).toList();
  }

  /** What was kept since the last call is durable. */
  public void settled() {
    for (var change : unsettled) {
      var delta = deltas.computeIfAbsent(change.zone(), Delta::new);
      delta.add(change);
      var slot = slots.get(change.zone());
      if (slot != null) {
        delta.forget(slot.master.zone(), change.removed());
        settled.put(change.zone(), slot.zone);
      }
    }
    unsettled.clear();
  }

  /** What was kept since the last call is lost. */
  public void undone() {
    unsettled.clear();
    slots.forEach((origin, slot) -> slot.zone = settled.getOrDefault(origin, slot.zone));
  }

  @Override
  public void on(long now, UpdateEvent event, Consumer<? super UpdateAction> out) {
    switch (event) {
      case UpdateEvent.Arrived arrived -> arrived(arrived, out);
    }
  }

  @Override
  public void onTime(long now, Consumer<? super UpdateAction> out) {
    for (var origin : signing.due()) {
      var slot = slots.get(origin);
      if (slot != null) {
        out.accept(new UpdateAction.Publish(slot.zone));
      }
    }
  }

  @Override
  public long deadline() {
    return signing.deadline();
  }

  private void arrived(UpdateEvent.Arrived event, Consumer<? super UpdateAction> out) {
    switch (Tsig.check(event.message(), event.tsigAt(), keys, event.wall())) {
      case Tsig.Verdict.Unreadable(var why) -> refuse(event, Rcode.FORMERR, "?", why, null, out);
      case Tsig.Verdict.Bad bad -> {
        var why = "TSIG error " + Rcode.TSIGstring(bad.error()) + " of key " + bad.keyName();
        out.accept(
            new UpdateAction.Tell(
                new DnsEvent.UpdateRefused(
                    "?", "NOTAUTH", why + " (RFC 8945 section 5.2)", event.client())));
        var reply = Tsig.signError(reply(event, Rcode.NOTAUTH), bad, event.wall());
        out.accept(new UpdateAction.Say(event.replyTo(), Rcode.NOTAUTH, reply, reply));
      }
      case Tsig.Verdict.Unsigned() -> process(event, null, out);
      case Tsig.Verdict.Good good -> process(event, good, out);
    }
  }

  private void process(
      UpdateEvent.Arrived event,
      Tsig.Verdict.@Nullable Good signer,
      Consumer<? super UpdateAction> out) {
    if (event.zones() != 1) {
      refuse(event, Rcode.FORMERR, "?", "not one zone (RFC 2136 section 3.1.1)", signer, out);
      return;
    }
    if (signer == null) {
      refuse(event, Rcode.REFUSED, "?", "not signed (RFC 2136 section 3.3)", null, out);
      return;
    }
    var read = UpdateMessage.read(withoutTsig(event));
    if (read.isEmpty()) {
      refuse(event, Rcode.FORMERR, "?", "a record's data has not its type's form", signer, out);
      return;
    }
    var message = read.get();
    var zone = message.zone().toString();
    if (message.zoneType() != Type.SOA) {
      refuse(event, Rcode.FORMERR, zone, "ZTYPE is not SOA (RFC 2136 section 3.1.1)", signer, out);
      return;
    }
    var slot = slots.get(message.zone());
    if (slot == null || message.zoneClass() != 1) {
      refuse(event, Rcode.NOTAUTH, zone, "no zone of ours (RFC 2136 section 3.1.2)", signer, out);
      return;
    }
    if (!slot.master.policy().allows(signer.key().name())) {
      refuse(
          event,
          Rcode.REFUSED,
          zone,
          "key " + signer.key().name() + " may not change it (RFC 2136 section 3.3)",
          signer,
          out);
      return;
    }
    switch (Updater.apply(
        slot.zone,
        message,
        slot.master.policy(),
        serial -> slot.master.serial().next(serial, event.wall()))) {
      case Updater.Outcome.Refused(var rcode, var why) ->
          refuse(event, rcode, zone, why, signer, out);
      case Updater.Outcome.Unchanged() -> say(event, Rcode.NOERROR, signer, out);
      case Updater.Outcome.Changed changed -> changed(event, slot, changed, signer, out);
    }
  }

  private void changed(
      UpdateEvent.Arrived event,
      Slot slot,
      Updater.Outcome.Changed changed,
      Tsig.Verdict.Good signer,
      Consumer<? super UpdateAction> out) {
    var zone = changed.zone();
    var explicit = changed.added().stream().filter(r -> r.getType() != Type.SOA || soa(slot, r));
    var change =
        new Change(
            zone.origin(),
            slot.base.text(),
            zone.serial(),
            changed.removed().stream().filter(r -> r.getType() != Type.SOA).toList(),
            explicit.toList());
    slot.zone = zone;
    unsettled.add(change);
    out.accept(new UpdateAction.Keep(change));
    out.accept(new UpdateAction.Publish(zone));
    out.accept(
        new UpdateAction.Tell(
            new DnsEvent.Updated(
                zone.origin().toString(),
                zone.serial(),
                signer.key().name().toString(),
                texts(change.removed()),
                texts(change.added()),
                event.client())));
    say(event, Rcode.NOERROR, signer, out);
  }

  /** Whether an SOA record says more than another serial. */
  private static boolean soa(Slot slot, Record record) {
    var before = slot.zone.start();
    return !(record instanceof org.xbill.DNS.SOARecord after)
        || !after.getHost().equals(before.getHost())
        || !after.getAdmin().equals(before.getAdmin())
        || after.getRefresh() != before.getRefresh()
        || after.getRetry() != before.getRetry()
        || after.getExpire() != before.getExpire()
        || after.getMinimum() != before.getMinimum();
  }

  private static List<String> texts(List<Record> records) {
    return records.stream().map(Record::toString).toList();
  }

  private void refuse(
      UpdateEvent.Arrived event,
      int rcode,
      String zone,
      String why,
      Tsig.Verdict.@Nullable Good signer,
      Consumer<? super UpdateAction> out) {
    out.accept(
        new UpdateAction.Tell(
            new DnsEvent.UpdateRefused(zone, Rcode.string(rcode), why, event.client())));
    say(event, rcode, signer, out);
  }

  private static void say(
      UpdateEvent.Arrived event,
      int rcode,
      Tsig.Verdict.@Nullable Good signer,
      Consumer<? super UpdateAction> out) {
    out.accept(
        new UpdateAction.Say(
            event.replyTo(),
            rcode,
            signed(event, rcode, Optional.ofNullable(signer)),
            signed(event, Rcode.SERVFAIL, Optional.ofNullable(signer))));
  }

  private static byte[] signed(
      UpdateEvent.Arrived event, int rcode, Optional<Tsig.Verdict.Good> signer) {
    var plain = reply(event, rcode);
    return signer.map(s -> Tsig.sign(plain, s, event.wall())).orElse(plain);
  }

  /** The header and the zone section of the request (RFC 2136 section 3.8). */
  private static byte[] reply(UpdateEvent.Arrived event, int rcode) {
    boolean zone = event.zones() == 1;
    var reply = Arrays.copyOf(event.message(), zone ? event.questionEnd() : 12);
    reply[2] = (byte) (0x80 | OPCODE_UPDATE << 3);
    reply[3] = (byte) rcode;
    Arrays.fill(reply, 4, 12, (byte) 0);
    reply[5] = (byte) (zone ? 1 : 0);
    return reply;
  }

  private static byte[] withoutTsig(UpdateEvent.Arrived event) {
    if (event.tsigAt() < 0) {
      return event.message();
    }
    var bare = Arrays.copyOf(event.message(), event.tsigAt());
    int additional = ((bare[10] & 0xFF) << 8 | bare[11] & 0xFF) - 1;
    bare[10] = (byte) (additional >> 8);
    bare[11] = (byte) additional;
    return bare;
  }
}
