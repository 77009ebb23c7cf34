package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Makes a zone of records from a file or from code, and refuses what cannot be served: records
 * outside the zone, an alias beside other data (RFC 2181 section 10.1), two aliases, several SOA
 * records or none, no NS set.
 */
public final class ZoneBuilder {
  private final Name origin;
  private final Map<Name, Map<Integer, List<Record>>> names = new LinkedHashMap<>();

  public ZoneBuilder(Name origin) {
    this.origin = origin;
  }

  /** Adds a record; what is wrong with it, in one phrase, or nothing. */
  public Optional<String> add(Record record) {
    if (!record.getName().subdomain(origin)) {
      return Optional.of(record.getName() + " is not in the zone " + origin);
    }
    if (record.getDClass() != DClass.IN) {
      return Optional.of("class " + DClass.string(record.getDClass()) + " is not served, only IN");
    }
    int type = record.getType();
    if (type == Type.OPT || type == 0 || type >= 249 && type <= 255) {
      return Optional.of(Type.string(type) + " is not a type of zone data (RFC 6895 section 3.1)");
    }
    if (type == Type.SOA && !record.getName().equals(origin)) {
      return Optional.of("an SOA record belongs to the top of the zone, " + origin);
    }
    var here = names.computeIfAbsent(record.getName(), n -> new LinkedHashMap<>());
    var set = here.computeIfAbsent(type, t -> new ArrayList<>());
    if (set.contains(record)) {
      return Optional.empty();
    }
    boolean single = type == Type.SOA || type == Type.CNAME || type == Type.DNAME;
    if (single && !set.isEmpty()) {
      return Optional.of(record.getName() + " has more than one " + Type.string(type) + " record");
    }
    set.add(record);
    if (here.containsKey(Type.CNAME) && here.keySet().stream().anyMatch(t -> !besideAlias(t))) {
      return Optional.of(record.getName() + " has a CNAME and other data (RFC 2181 section 10.1)");
    }
    return Optional.empty();
  }

  /** Whether a type may be at a name with an alias: the alias and its proofs (RFC 4034). */
  public static boolean besideAlias(int type) {
    return type == Type.CNAME || type == Type.RRSIG || type == Type.NSEC;
  }

  /** Whether there is a record of a type at the top. */
  public boolean hasAtTop(int type) {
    return names.getOrDefault(origin, Map.of()).containsKey(type);
  }

  /** What the whole lacks, in one phrase, or nothing. */
  public Optional<String> incomplete() {
    if (!hasAtTop(Type.SOA)) {
      return Optional.of("the zone has no SOA record at " + origin);
    }
    if (!hasAtTop(Type.NS)) {
      return Optional.of("the zone has no NS record at " + origin);
    }
    return Optional.empty();
  }

  /** The zone; only if nothing was wrong. */
  public Zone build() {
    var edit = ZoneEdit.empty(origin);
    names.values().forEach(sets -> sets.values().forEach(records -> edit.put(RrSet.of(records))));
    return edit.done();
  }
}
