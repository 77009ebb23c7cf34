package dev.islet.dns.dnssec;

import dev.islet.dns.model.RrSet;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Makes the signatures of a set, or keeps those that are still good (RFC 4034 section 3 and 6).
 * Safe for many threads.
 */
final class Signatures {
  private final Name signer;
  private final List<ZoneKey> entry;
  private final List<ZoneKey> data;
  private final SigningPolicy policy;
  private final Instant now;
  private final LongAdder made = new LongAdder();

  Signatures(Name signer, List<KeyState> keys, SigningPolicy policy, Instant now) {
    this.signer = signer;
    this.entry =
        keys.stream()
            .filter(k -> k.role().entry() && k.phase().published())
            .map(KeyState::key)
            .toList();
    this.data =
        keys.stream().filter(k -> k.role().zone() && k.phase().signs()).map(KeyState::key).toList();
    this.policy = policy;
    this.now = Instant.ofEpochSecond(now.getEpochSecond());
  }

  /** How many were made, not kept. */
  long made() {
    return made.sum();
  }

  /**
   * The signatures of a set, one by each key that signs its type.
   *
   * @param before the set as it was, if it was signed before
   * @param old all signatures that were at its name
   */
  List<Record> of(RrSet set, Optional<RrSet> before, List<Record> old) {
    boolean unchanged = before.map(b -> same(b, set)).orElse(false);
    var all = new ArrayList<Record>(1);
    for (var key : signers(set.type())) {
      var kept =
          unchanged
              ? old.stream().filter(r -> good(r, set, key)).findFirst()
              : Optional.<Record>empty();
      all.add(kept.orElseGet(() -> sign(set, key)));
    }
    return all;
  }

  /** RFC 7344 section 4.1: the parent checks CDS and CDNSKEY by the key that it knows. */
  private List<ZoneKey> signers(int type) {
    return type == Type.DNSKEY || type == Type.CDS || type == Type.CDNSKEY ? entry : data;
  }

  private static boolean same(RrSet a, RrSet b) {
    return a.ttl() == b.ttl()
        && a.size() == b.size()
        && (a.size() == 1
            ? a.records().equals(b.records())
            : new HashSet<>(a.records()).equals(new HashSet<>(b.records())));
  }

  private boolean good(Record record, RrSet set, ZoneKey key) {
    return record instanceof RRSIGRecord sig
        && sig.getTypeCovered() == set.type()
        && sig.getFootprint() == key.tag()
        && sig.getAlgorithm() == key.algorithm()
        && sig.getOrigTTL() == set.ttl()
        && !sig.getTimeSigned().isAfter(now)
        && !isOld(sig);
  }

  /** Somewhat before it must, so that those that end soon after one another go together. */
  boolean isOld(Record record) {
    var soon = policy.refresh().plus(policy.validity().dividedBy(16));
    return record instanceof RRSIGRecord sig && sig.getExpire().isBefore(now.plus(soon));
  }

  private RRSIGRecord sign(RrSet set, ZoneKey key) {
    made.increment();
    var begin = now.minus(SigningPolicy.BACKDATE);
    var end = now.plus(policy.validity()).minusSeconds(early(set, key));
    var unsigned = record(set, key, begin, end, new byte[1]);
    return record(set, key, begin, end, key.sign(toBeSigned(unsigned, set)));
  }

  private RRSIGRecord record(RrSet set, ZoneKey key, Instant begin, Instant end, byte[] signature) {
    return new RRSIGRecord(
        set.name(),
        DClass.IN,
        set.ttl(),
        set.type(),
        key.algorithm(),
        set.ttl(),
        end,
        begin,
        key.tag(),
        signer,
        signature);
  }

  /** Spread by name and type, and the same each time for the same time. */
  private long early(RrSet set, ZoneKey key) {
    long spread = Math.max(1, policy.jitter().toSeconds());
    int mixed = (set.name().hashCode() * 31 + set.type()) * 31 + key.tag();
    return Math.floorMod((mixed ^ mixed >>> 16) * 0x9E37_79B9L, spread);
  }

  /** RFC 4034 section 3.1.8.1: the signature's own data, then each record in canonical form. */
  private static byte[] toBeSigned(RRSIGRecord unsigned, RrSet set) {
    var out = new ByteArrayOutputStream(256);
    var rdata = unsigned.rdataToWireCanonical();
    out.write(rdata, 0, rdata.length - unsigned.getSignature().length);
    var owner = set.name().toWireCanonical();
    var head = new DNSOutput(10);
    head.writeU16(set.type());
    head.writeU16(DClass.IN);
    head.writeU32(set.ttl());
    var typed = head.toByteArray();
    set.records().stream()
        .map(Record::rdataToWireCanonical)
        .sorted(Arrays::compareUnsigned)
        .forEach(
            data -> {
              out.writeBytes(owner);
              out.writeBytes(typed);
              out.write(data.length >> 8);
              out.write(data.length);
              out.writeBytes(data);
            });
    return out.toByteArray();
  }
}
