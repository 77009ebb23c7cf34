package dev.islet.dns.peer;

import dev.islet.dns.peer.Peer.Make;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Where servers may differ and all be right; whatever is none of these is a fault. */
enum Difference {
  /**
   * RFC 1034 section 4.3.2 step 6: other addresses "may be useful". Whatever is there must be true,
   * and glue below the cut must be whole.
   */
  COURTESY,

  /**
   * RFC 4035 section 3.1.6: an authoritative server should clear CD, section 3.2.2: a resolver must
   * copy it. We, like BIND, are both.
   */
  CHECKING_DISABLED,

  /**
   * RFC 6891 section 6.1.3: options of a version that is not known need no answer; some give one.
   */
  OPTION_OF_UNKNOWN_VERSION,

  /** RFC 9471 section 3.1: TC if glue does not fit. Others send what fits. */
  GLUE_LEFT_OUT,

  /** RFC 2308 section 3 wants the SOA in a negative answer. Knot leaves it out for room, we cut. */
  SOA_LEFT_OUT,

  /** RFC 1034 section 3.6.2: loops are "signalled as an error". Others show the loop instead. */
  ENDLESS_ALIAS,

  /** RFC 6672 section 2.2: YXDOMAIN and the DNAME say all. Knot adds what it met on the way. */
  MORE_THAN_YXDOMAIN,

  /** RFC 8482 section 4.1: ANY may be answered by some of the sets; BIND gives all. */
  ANY_IN_PART;

  /**
   * What explains that two replies are not the same, both without TC.
   *
   * @param limit what one datagram could hold for this asker
   * @param data all records of the zones
   * @return empty if something is left that nothing explains
   */
  static Optional<Set<Difference>> between(
      Said ours, Make make, Said theirs, int limit, Set<String> data) {
    var found = EnumSet.noneOf(Difference.class);
    if (!ours.flags().equals(theirs.flags())) {
      if (make == Make.NAMED || !ours.flags().replace("cd ", "").equals(theirs.flags())) {
        return Optional.empty();
      }
      found.add(CHECKING_DISABLED);
    }
    if (!ours.edns().equals(theirs.edns())) {
      boolean both = !ours.edns().isEmpty() && !theirs.edns().isEmpty();
      if (ours.rcode() != Rcode.BADVERS || !both) {
        return Optional.empty();
      }
      found.add(OPTION_OF_UNKNOWN_VERSION);
    }
    boolean same =
        ours.rcode() == theirs.rcode()
            && ours.aa() == theirs.aa()
            && ours.answer().equals(theirs.answer());
    if (ours.rcode() == Rcode.SERVFAIL && theirs.rcode() != Rcode.SERVFAIL) {
      found.add(ENDLESS_ALIAS);
      return theirs.endless() ? Optional.of(found) : Optional.empty();
    }
    if (make == Make.KNOT && ours.rcode() == Rcode.YXDOMAIN && theirs.rcode() == ours.rcode()) {
      found.add(MORE_THAN_YXDOMAIN);
      return ours.authority().isEmpty() && theirs.answer().containsAll(ours.answer())
          ? Optional.of(found)
          : Optional.empty();
    }
    if (ours.type() == Type.ANY && make != Make.NAMED) {
      if (!same || !ours.authority().equals(theirs.authority())) {
        found.add(ANY_IN_PART);
        // An alias that a DNAME makes is one of the sets too, and some go on from there.
        return ours.answer().containsAll(theirs.answer())
                || theirs.answer().containsAll(ours.answer())
            ? Optional.of(found)
            : Optional.empty();
      }
    }
    if (!same) {
      return Optional.empty();
    }
    if (!ours.authority().equals(theirs.authority())) {
      if (make != Make.KNOT || !theirs.authority().isEmpty() || ours.size() <= limit) {
        return Optional.empty();
      }
      found.add(SOA_LEFT_OUT);
    }
    if (!ours.glue().equals(theirs.glue())) {
      if (!ours.glue().containsAll(theirs.glue()) || ours.size() <= limit) {
        return Optional.empty();
      }
      found.add(GLUE_LEFT_OUT);
    }
    if (!ours.additional().equals(theirs.additional())) {
      if (!data.containsAll(ours.additional())) {
        return Optional.empty();
      }
      found.add(COURTESY);
    }
    return Optional.of(found);
  }
}
