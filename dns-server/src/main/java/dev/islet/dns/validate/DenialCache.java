package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Denials that were found true, to answer further questions by (RFC 8198). NSEC records stand in
 * the order of their owners, NSEC3 records in that of their hashes; the one before a name either
 * denies it or says nothing of it. Zones not used for long go first.
 */
final class DenialCache {
  private static final long SECOND = 1_000_000_000L;
  private static final int MAX_ZONES = 256;
  private static final int PER_ZONE = 256;

  /** Deeper names cost more hashes than a question upstream. */
  private static final int MAX_DEPTH = 8;

  /** A set with its signatures, until when. */
  private record Entry(Signed signed, long until) {
    Record record() {
      return signed.set().records().getFirst();
    }

    List<RrSet> parts(long now) {
      return signed.parts((until - now) / SECOND);
    }
  }

  private static final class Zone {
    @Nullable Entry soa;
    final TreeMap<Name, Entry> nsec = new TreeMap<>();

    /** Owners of NSEC3 sort like their hashes: base32hex keeps the order. */
    final TreeMap<Name, Entry> nsec3 = new TreeMap<>();
  }

  /** What is at a name without a DS set, until when. */
  record Known(Cut cut, long until) {}

  private final LinkedHashMap<Name, Zone> zones = new LinkedHashMap<>(64, 0.75f, true);

  /** Keeps a set of a zone that was found true: its SOA, an NSEC or an NSEC3 set. */
  void put(Name zone, Signed signed, long until) {
    var kept = zones.computeIfAbsent(zone, z -> new Zone());
    var entry = new Entry(signed, until);
    switch (signed.set().type()) {
      case Type.SOA -> kept.soa = entry;
      case Type.NSEC -> keep(kept.nsec, entry);
      case Type.NSEC3 -> keep(kept.nsec3, entry);
      default -> throw new IllegalArgumentException("no denial: " + signed.set());
    }
    if (zones.size() > MAX_ZONES) {
      zones.remove(zones.firstEntry().getKey());
    }
  }

  private static void keep(TreeMap<Name, Entry> map, Entry entry) {
    if (map.size() >= PER_ZONE && !map.containsKey(entry.record().getName())) {
      map.clear(); // cheaper than an order of age, and soon full again of what is used
    }
    map.put(entry.record().getName(), entry);
  }

  void clear() {
    zones.clear();
  }

  /** How many denials are kept. */
  int size() {
    return zones.values().stream().mapToInt(z -> z.nsec.size() + z.nsec3.size()).sum();
  }

  /** What the denials of a zone say of a name that might be a delegation. */
  Optional<Known> cut(Name zone, Name name, long now, Budget budget) {
    var kept = zones.get(zone);
    if (kept == null) {
      return Optional.empty();
    }
    var entries = near(zone, kept, name, now, budget);
    var cut = new Denials(zone, records(entries), budget).cut(name);
    if (cut == Cut.UNPROVEN) {
      return Optional.empty();
    }
    long until = entries.stream().mapToLong(Entry::until).min().orElse(now);
    return Optional.of(new Known(cut, until));
  }

  /** The answer to a question, if the denials of a zone that judges it have one. */
  Optional<Answer> answer(Question question, TrustAnchors anchors, long now) {
    var name = question.name();
    for (int up = question.type() == Type.DS ? 1 : 0; up < name.labels(); up++) {
      var zone = up == 0 ? name : new Name(name, up);
      var kept = zones.get(zone);
      if (kept != null && anchors.judges(zone, name)) {
        var answer = answer(question, zone, kept, now);
        if (answer.isPresent()) {
          return answer;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Answer> answer(Question question, Name zone, Zone kept, long now) {
    var soa = kept.soa;
    if (soa == null || soa.until() - now < SECOND) {
      return Optional.empty();
    }
    var budget = new Budget();
    var entries = near(zone, kept, question.name(), now, budget);
    var denials = new Denials(zone, records(entries), budget);
    int rcode;
    if (denials.noName(question.name()) == Proven.YES) {
      rcode = Rcode.NXDOMAIN;
    } else if (denials.noData(question.name(), question.type()) == Proven.YES) {
      rcode = Rcode.NOERROR;
    } else {
      return Optional.empty();
    }
    var authority = new ArrayList<>(soa.parts(now));
    entries.forEach(e -> authority.addAll(e.parts(now)));
    return Optional.of(
        new Answer(
            rcode,
            false,
            List.of(),
            authority,
            List.of(),
            false,
            Optional.empty(),
            Security.SECURE));
  }

  /** Those records that could say something of a name or of the wildcard for it. */
  private static List<Entry> near(Name zone, Zone kept, Name name, long now, Budget budget) {
    var found = new ArrayList<Entry>();
    var before = kept.nsec.floorEntry(name);
    if (before != null) {
      add(found, before.getValue(), now);
      for (int up = 1; up <= name.labels() - zone.labels(); up++) {
        var wildcard = NsecDenials.wildcard(new Name(name, up)).map(kept.nsec::floorEntry);
        wildcard.ifPresent(w -> add(found, w.getValue(), now));
      }
    }
    if (!kept.nsec3.isEmpty() && name.labels() - zone.labels() <= MAX_DEPTH) {
      var first = (NSEC3Record) kept.nsec3.firstEntry().getValue().record();
      for (int up = 0; up <= name.labels() - zone.labels(); up++) {
        var each = up == 0 ? name : new Name(name, up);
        before(kept, zone, each, first, budget).ifPresent(e -> add(found, e, now));
        if (up > 0) {
          NsecDenials.wildcard(each)
              .flatMap(w -> before(kept, zone, w, first, budget))
              .ifPresent(e -> add(found, e, now));
        }
      }
    }
    return found;
  }

  private static Optional<Entry> before(
      Zone kept, Name zone, Name name, NSEC3Record like, Budget budget) {
    if (like.getIterations() > Nsec3Denials.MAX_ITERATIONS || !budget.hash()) {
      return Optional.empty();
    }
    var owner = Nsec3Denials.ownerOf(name, zone, like);
    var entry = kept.nsec3.floorEntry(owner);
    return Optional.ofNullable(entry == null ? kept.nsec3.lastEntry() : entry)
        .map(java.util.Map.Entry::getValue);
  }

  private static void add(List<Entry> found, Entry entry, long now) {
    if (entry.until() - now >= SECOND && !found.contains(entry)) {
      found.add(entry);
    }
  }

  private static List<Record> records(List<Entry> entries) {
    return entries.stream().map(Entry::record).toList();
  }
}
