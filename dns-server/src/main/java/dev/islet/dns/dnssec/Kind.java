package dev.islet.dns.dnssec;

import dev.islet.dns.zone.Zone;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** What a name is to the zone that is signed. */
enum Kind {
  /** Neither the name nor anything below it is there. */
  ABSENT,
  /** Only something below it is there. */
  EMPTY,
  /** Its data is the zone's own. */
  OURS,
  /** The top of a child zone: only DS and denials are ours to sign (RFC 4035 section 2.2). */
  DELEGATION,
  /** Below a delegation or a DNAME: glue, and what cannot be reached. */
  OCCLUDED;

  static Kind of(Zone unsigned, Name name) {
    int depth = name.labels() - unsigned.origin().labels();
    for (int up = depth; up > 0; up--) {
      var above = new Name(name, up);
      boolean cut = up < depth && unsigned.at(above, Type.NS).isPresent();
      if (cut || unsigned.at(above, Type.DNAME).isPresent()) {
        return OCCLUDED;
      }
    }
    var sets = unsigned.at(name).stream().filter(s -> !isProof(s.type())).toList();
    if (sets.isEmpty()) {
      return unsigned.exists(name) ? EMPTY : ABSENT;
    }
    boolean delegated = depth > 0 && sets.stream().anyMatch(s -> s.type() == Type.NS);
    return delegated ? DELEGATION : OURS;
  }

  /** Types that the signer makes; those of an unsigned zone are not taken over. */
  static boolean isProof(int type) {
    return switch (type) {
      case Type.RRSIG, Type.NSEC, Type.NSEC3, Type.NSEC3PARAM -> true;
      default -> false;
    };
  }

  /** Whether the name has a record in the chain. */
  boolean inChain(boolean hashed) {
    return this == OURS || this == DELEGATION || hashed && this == EMPTY;
  }
}
