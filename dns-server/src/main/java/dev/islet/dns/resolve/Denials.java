package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.RrSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * Names that do not exist: nothing below them exists either (RFC 8020), so that a flood of random
 * names below one costs nobody anything. Bounded.
 */
final class Denials {
  private static final int MAX = 2_048;
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX_SECONDS = 3_600;

  private record Denial(List<RrSet> proofs, boolean signed, long born, long dies) {}

  private final Map<Name, Denial> cuts =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Denial> eldest) {
          return size() > MAX;
        }
      };

  void clear() {
    cuts.clear();
  }

  /**
   * A zone said that a name does not exist.
   *
   * @param proofs with the SOA, without which nothing is remembered (RFC 2308 section 5)
   * @param signed whether signatures were asked for
   */
  void put(Name name, List<RrSet> proofs, boolean signed, long now) {
    long seconds = seconds(proofs);
    if (seconds > 0) {
      cuts.put(name, new Denial(proofs, signed, now, now + seconds * SECOND));
    }
  }

  /** The denial of a name above this one. */
  Optional<Answer> above(Name name, boolean signed, long now) {
    for (int up = 1; up < name.labels() - 1; up++) {
      var cut = cuts.get(new Name(name, up));
      if (cut != null && cut.dies > now && (cut.signed || !signed)) {
        long age = (now - cut.born) / SECOND;
        var aged =
            cut.proofs.stream()
                .filter(s -> signed || s.type() == Type.SOA)
                .map(s -> s.withTtl(Math.max(0, s.ttl() - age)))
                .toList();
        return Optional.of(
            new Answer(Rcode.NXDOMAIN, false, List.of(), aged, List.of(), false, Optional.empty()));
      }
    }
    return Optional.empty();
  }

  /** How long a denial holds: the lower of the SOA's TTL and MINIMUM (RFC 2308 section 5). */
  static long seconds(List<RrSet> proofs) {
    for (var set : proofs) {
      if (set.type() == Type.SOA) {
        long minimum = ((SOARecord) set.records().getFirst()).getMinimum();
        return Math.min(MAX_SECONDS, Math.min(set.ttl(), minimum));
      }
    }
    return 0;
  }
}
