package dev.islet.dns.dnssec;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.zone.Zone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * All that validators anywhere can have in their caches: every set that was served within its TTL,
 * by a primary or by a secondary that lags. Checks that each such DS set leads over each such key
 * set to each such set of data, by a signature of every algorithm among the keys (RFC 4035 section
 * 2.2), with dnsjava's arithmetic and none of ours.
 */
final class ValidatorsView {
  /** A set with its signatures, from when until when it was served. */
  private static final class Version {
    final List<Record> set;
    final List<RRSIGRecord> sigs;
    final Instant from;
    Instant until;

    Version(List<Record> set, List<RRSIGRecord> sigs, Instant from) {
      this.set = set;
      this.sigs = sigs;
      this.from = from;
      this.until = Instant.MAX;
    }

    boolean sameAs(List<Record> others, List<RRSIGRecord> theirs) {
      return set.equals(others) && sigs.equals(theirs);
    }
  }

  private record Owner(Name name, int type) {}

  private final Duration lag;
  private final Map<Owner, List<Version>> versions = new HashMap<>();
  private final Map<String, Boolean> verified = new HashMap<>();
  private final Name origin;
  private final Duration dsTtl;
  private int checks;

  ValidatorsView(Name origin, Duration lag, Duration dsTtl) {
    this.origin = origin;
    this.lag = lag;
    this.dsTtl = dsTtl;
  }

  int checks() {
    return checks;
  }

  /** From now on these sets of the zone are served. */
  void served(Zone zone, List<RrSet> watched, Instant now) {
    see(zone, origin, Type.DNSKEY, now);
    see(zone, origin, Type.SOA, now);
    watched.forEach(s -> see(zone, s.name(), s.type(), now));
  }

  private void see(Zone zone, Name name, int type, Instant now) {
    var set = zone.at(name, type).map(RrSet::records).orElse(List.of());
    var sigs =
        zone.at(name, Type.RRSIG).map(RrSet::records).orElse(List.of()).stream()
            .map(r -> (RRSIGRecord) r)
            .filter(r -> r.getTypeCovered() == type)
            .toList();
    add(new Owner(name, type), set, sigs, now);
  }

  /** From now on the parent has these DS records. */
  void parent(List<DSRecord> ds, Instant now) {
    add(new Owner(origin, Type.DS), List.copyOf(ds), List.of(), now);
  }

  private void add(Owner owner, List<Record> set, List<RRSIGRecord> sigs, Instant now) {
    var all = versions.computeIfAbsent(owner, o -> new ArrayList<>());
    if (!all.isEmpty()) {
      var last = all.getLast();
      if (last.sameAs(set, sigs)) {
        return;
      }
      last.until = now;
    }
    all.add(new Version(set, sigs, now));
  }

  /** What can be remembered of a set at a moment. */
  private List<Version> remembered(Owner owner, Duration ttl, Instant now) {
    var since = now.minus(ttl).minus(lag);
    return versions.getOrDefault(owner, List.of()).stream()
        .filter(v -> !v.from.isAfter(now) && v.until.isAfter(since))
        .toList();
  }

  /** The first combination of remembered sets that is no chain of trust, if there is one. */
  Optional<String> broken(Instant now) {
    for (var ds : remembered(new Owner(origin, Type.DS), dsTtl, now)) {
      if (ds.set.isEmpty()) {
        continue; // to this validator the zone is not signed
      }
      for (var keys : remembered(new Owner(origin, Type.DNSKEY), Duration.ofHours(1), now)) {
        var entry = entry(ds, keys, now);
        if (entry.isPresent()) {
          return entry;
        }
        for (var owner : versions.keySet()) {
          if (owner.type() == Type.DS || owner.type() == Type.DNSKEY) {
            continue;
          }
          var ttl = Duration.ofSeconds(versions.get(owner).getLast().set.getFirst().getTTL());
          for (var data : remembered(owner, ttl, now)) {
            checks++;
            var fault = signed(data, keys, now);
            if (fault.isPresent()) {
              return Optional.of(
                  now + " " + owner.name() + " " + Type.string(owner.type()) + ": " + fault.get());
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> entry(Version ds, Version keys, Instant now) {
    var algorithms =
        ds.set.stream().map(r -> ((DSRecord) r).getAlgorithm()).collect(Collectors.toSet());
    for (int algorithm : algorithms) {
      boolean good =
          ds.set.stream()
              .map(r -> (DSRecord) r)
              .filter(d -> d.getAlgorithm() == algorithm)
              .anyMatch(d -> names(d, keys, now));
      if (!good) {
        return Optional.of(now + " no DS record of algorithm " + algorithm + " leads to the keys");
      }
    }
    return Optional.empty();
  }

  private boolean names(DSRecord ds, Version keys, Instant now) {
    return keys.set.stream()
        .map(r -> (DNSKEYRecord) r)
        .filter(k -> new DSRecord(origin, 1, ds.getTTL(), ds.getDigestID(), k).equals(ds))
        .anyMatch(k -> keys.sigs.stream().anyMatch(s -> verifies(keys, s, k, now)));
  }

  private Optional<String> signed(Version data, Version keys, Instant now) {
    var algorithms =
        keys.set.stream().map(r -> ((DNSKEYRecord) r).getAlgorithm()).collect(Collectors.toSet());
    for (int algorithm : algorithms) {
      boolean good =
          keys.set.stream()
              .map(r -> (DNSKEYRecord) r)
              .filter(k -> k.getAlgorithm() == algorithm)
              .anyMatch(k -> data.sigs.stream().anyMatch(s -> verifies(data, s, k, now)));
      if (!good) {
        return Optional.of(
            "signed by "
                + data.sigs.stream().map(RRSIGRecord::getFootprint).toList()
                + ", keys "
                + keys.set.stream().map(k -> ((DNSKEYRecord) k).getFootprint()).toList());
      }
    }
    return Optional.empty();
  }

  private boolean verifies(Version what, RRSIGRecord sig, DNSKEYRecord key, Instant now) {
    if (sig.getFootprint() != key.getFootprint()
        || sig.getTimeSigned().isAfter(now)
        || sig.getExpire().isBefore(now)) {
      return false;
    }
    return verified.computeIfAbsent(
        sig + " " + key,
        k -> {
          try {
            DNSSEC.verify(
                new RRset(what.set.toArray(Record[]::new)), sig, key, sig.getTimeSigned());
            return true;
          } catch (DNSSEC.DNSSECException e) {
            return false;
          }
        });
  }
}
