package dev.islet.dns.validate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;

/**
 * A zone where trust begins, and the keys that it names as its next (RFC 5011).
 *
 * <p>A new secure entry point that a trusted key has signed is trusted after thirty days in which
 * it was in every set seen; until then whoever stole a key would have to keep the owner's answers
 * away. A key that signs the set with its REVOKE bit is never trusted again. What the operator
 * configured is trusted until it revokes itself, also if it was never seen.
 */
final class TrustPoint {
  private static final long DAY = 86_400;

  /** Section 2.4.1 and 2.4.2. */
  private static final long HOLD_DOWN = 30 * DAY;

  private static final long HOUR = 3_600;
  private static final int ZONE_ENTRY = 0x0101;
  private static final int MAX_KEYS = 16;

  /** A set of keys as it came, and the signature of a trusted one over it, if there is one. */
  record Sighting(Name zone, Signed keys, @Nullable RRSIGRecord by) {}

  /**
   * A key that went into another phase.
   *
   * @param from null if it was unknown
   * @param to null if it is forgotten
   */
  record Move(int tag, @Nullable AnchorPhase from, @Nullable AnchorPhase to) {}

  private final List<DSRecord> configured;
  private final List<AnchorKey> keys = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private long retry = HOUR;
  private long due = Long.MAX_VALUE;

  /**
   * @param kept from earlier; not used if an anchor that it began from is no longer configured,
   *     since what followed from that one is not wanted either
   */
  TrustPoint(List<DSRecord> configured, @Nullable KeptAnchors kept) {
    this.configured = List.copyOf(configured);
    if (kept != null && configured.containsAll(kept.start())) {
      keys.addAll(kept.keys());
    }
  }

  KeptAnchors kept() {
    return new KeptAnchors(configured, keys);
  }

  /** Digests of all keys that are trusted; none if all were revoked (section 5). */
  List<DSRecord> trusted() {
    var all = new ArrayList<DSRecord>();
    for (var digest : configured) {
      if (keys.stream().noneMatch(k -> k.phase().over() && names(digest, k.key()))) {
        all.add(digest);
      }
    }
    for (var key : keys) {
      if (key.phase().trusted() && all.stream().noneMatch(d -> names(d, key.key()))) {
        all.add(new DSRecord(key.key().getName(), 1, 0, DSRecord.Digest.SHA256, key.key()));
      }
    }
    return all;
  }

  /** When its keys are to be looked at again, in nanoseconds. */
  long due() {
    return due;
  }

  /** They are looked at now; if nothing comes of it, again after a while (section 2.3). */
  void looked(long now) {
    due = now + retry * 1_000_000_000L;
  }

  /** Learns from a set of keys; what changed. */
  List<Move> see(Sighting seen, Moment moment, Budget budget) {
    moves.clear();
    var set =
        seen.keys().set().records().stream()
            .map(r -> (DNSKEYRecord) r)
            .filter(k -> (k.getFlags() & ZONE_ENTRY) == ZONE_ENTRY)
            .toList();
    for (var key : set) {
      if ((key.getFlags() & AnchorKey.REVOKED) != 0 && Algorithms.supports(key.getAlgorithm())) {
        revoked(key, seen, moment, budget);
      }
    }
    var by = seen.by();
    if (by != null && moment.trusted()) { // without the time nothing can be waited for
      var present = set.stream().filter(Algorithms::usable).toList();
      for (var key : present) {
        present(key, by.getOrigTTL(), moment.wall());
      }
      for (int i = keys.size() - 1; i >= 0; i--) {
        var known = keys.get(i);
        if (present.stream().noneMatch(known::is)) {
          absent(i, known, moment.wall());
        }
      }
      long left = Math.max(0, Signatures.left(by, moment.wall()));
      retry = Math.max(HOUR, Math.min(DAY, Math.min(by.getOrigTTL() / 10, left / 10)));
      long each = Math.max(HOUR, Math.min(15 * DAY, Math.min(by.getOrigTTL() / 2, left / 2)));
      due = moment.plus(each);
    }
    return List.copyOf(moves);
  }

  /** Only who has the key can revoke it, so no other signature is needed (section 2.1). */
  private void revoked(DNSKEYRecord key, Sighting seen, Moment moment, Budget budget) {
    int at = at(key);
    var plain = AnchorKey.plain(key, key.getTTL());
    boolean trusted =
        at >= 0
            ? keys.get(at).phase().trusted()
            : configured.stream().anyMatch(digest -> names(digest, plain));
    if (trusted
        && Signatures.check(seen.keys(), seen.zone(), List.of(key), moment, budget)
            instanceof Check.Good) {
      if (at >= 0) {
        move(at, AnchorPhase.REVOKED, moment.wall());
      } else {
        add(plain, key.getTTL(), AnchorPhase.REVOKED, moment.wall());
      }
    }
  }

  private void present(DNSKEYRecord key, long ttl, long wall) {
    int at = at(key);
    if (at < 0) {
      boolean known = configured.stream().anyMatch(digest -> names(digest, key));
      if (keys.size() < MAX_KEYS) {
        add(key, ttl, known ? AnchorPhase.VALID : AnchorPhase.PENDING, wall);
      }
      return;
    }
    var known = keys.get(at);
    switch (known.phase()) {
      case PENDING -> {
        if (wall < known.since()) {
          keys.set(at, known.in(AnchorPhase.PENDING, wall)); // the clock was ahead: wait again
        } else if (wall - known.since() >= Math.max(HOLD_DOWN, known.key().getTTL())) {
          move(at, AnchorPhase.VALID, wall);
        }
      }
      case MISSING -> move(at, AnchorPhase.VALID, wall);
      case VALID, REVOKED, REMOVED -> {}
    }
  }

  private void absent(int at, AnchorKey known, long wall) {
    switch (known.phase()) {
      case PENDING -> {
        keys.remove(at);
        moves.add(new Move(known.tag(), AnchorPhase.PENDING, null));
      }
      case VALID -> move(at, AnchorPhase.MISSING, wall);
      case REVOKED -> {
        if (wall - known.since() >= HOLD_DOWN) {
          move(at, AnchorPhase.REMOVED, wall);
        }
      }
      case MISSING, REMOVED -> {}
    }
  }

  private int at(DNSKEYRecord key) {
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).is(key)) {
        return i;
      }
    }
    return -1;
  }

  private void add(DNSKEYRecord key, long ttl, AnchorPhase phase, long wall) {
    var added = AnchorKey.of(key, ttl, phase, wall);
    keys.add(added);
    moves.add(new Move(added.tag(), null, phase));
  }

  private void move(int at, AnchorPhase to, long wall) {
    var before = keys.get(at);
    keys.set(at, before.in(to, wall));
    moves.add(new Move(before.tag(), before.phase(), to));
  }

  private static boolean names(DSRecord digest, DNSKEYRecord key) {
    return Trail.matches(digest, key, new Budget());
  }
}
