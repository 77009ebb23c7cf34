package dev.islet.dns.validate;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Type;

/** A set with the signatures that came with it. */
record Signed(RrSet set, List<RRSIGRecord> signatures) {

  /** The sets of a section, in order. */
  static List<Signed> of(List<RrSet> section) {
    var all = new ArrayList<Signed>();
    for (var set : section) {
      if (set.type() != Type.RRSIG) {
        var by = new ArrayList<RRSIGRecord>();
        for (var other : section) {
          if (other.type() == Type.RRSIG && other.name().equals(set.name())) {
            for (var record : other.records()) {
              if (record instanceof RRSIGRecord sig && sig.getTypeCovered() == set.type()) {
                by.add(sig);
              }
            }
          }
        }
        all.add(new Signed(set, List.copyOf(by)));
      }
    }
    return all;
  }

  /**
   * The deepest zone that claims to have signed it and may have: one at or above the owner, and for
   * a DS set strictly above (RFC 4035 section 5.3.1).
   */
  Optional<Name> signer() {
    Name deepest = null;
    for (var sig : signatures) {
      var signer = sig.getSigner();
      if (set.name().subdomain(signer)
          && (set.type() != Type.DS || !signer.equals(set.name()) || signer.equals(Name.root))
          && (deepest == null || signer.labels() > deepest.labels())) {
        deepest = signer;
      }
    }
    return Optional.ofNullable(deepest);
  }

  /** The set and its signatures as they go into a message, for so long. */
  List<RrSet> parts(long ttl) {
    return signatures.isEmpty()
        ? List.of(set.withTtl(ttl))
        : List.of(set.withTtl(ttl), RrSet.of(List.copyOf(signatures)).withTtl(ttl));
  }
}
