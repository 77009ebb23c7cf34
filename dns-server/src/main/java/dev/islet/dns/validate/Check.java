package dev.islet.dns.validate;

import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.RrSet;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;

/** What came of checking the signatures of one set. */
sealed interface Check {
  /** One of them is good. */
  record Good(RRSIGRecord by) implements Check {
    /** How long the set may be kept (RFC 4035 section 5.3.3). */
    long ttl(RrSet set, Moment moment) {
      long ttl = Math.min(set.ttl(), Math.min(by.getOrigTTL(), by.getTTL()));
      return moment.trusted() ? Math.clamp(Signatures.left(by, moment.wall()), 0, ttl) : ttl;
    }

    /** If the owner is made from a wildcard: the name that the wildcard stands right below. */
    Optional<Name> encloser(RrSet set) {
      return Signatures.labels(set.name()) > by.getLabels()
          ? Optional.of(new Name(set.name(), set.name().labels() - 1 - by.getLabels()))
          : Optional.empty();
    }
  }

  /** None is. */
  record Bad(int code, String text) implements Check {
    ExtendedError why() {
      return new ExtendedError(code, text);
    }
  }
}
