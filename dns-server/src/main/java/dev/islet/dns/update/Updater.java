package dev.islet.dns.update;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.policy.UpdatePolicy;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneBuilder;
import dev.islet.dns.zone.ZoneEdit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * The rules of RFC 2136 section 3, as a function of a zone and a message: prerequisites,
 * permission, a scan of all updates, then all of them or none.
 */
final class Updater {
  private Updater() {}

  /** What became of a message. */
  sealed interface Outcome {
    /** Nothing was changed, with the code to say so. */
    record Refused(int rcode, String why) implements Outcome {}

    /** All was in order, and the zone was so already. */
    record Unchanged() implements Outcome {}

    /** The zone after it, and the difference. */
    record Changed(Zone zone, List<Record> removed, List<Record> added) implements Outcome {}
  }

  private record Key(Name name, int type) {}

  /**
   * @param next the serial after one
   */
  static Outcome apply(
      Zone zone, UpdateMessage message, UpdatePolicy policy, LongUnaryOperator next) {
    var failed = prerequisites(zone, message.prerequisites());
    if (failed != null) {
      return failed;
    }
    for (var update : message.updates()) {
      var bad = scan(zone, update);
      if (bad != null) {
        return bad;
      }
      if (!policy.allows(update)) {
        return new Outcome.Refused(
            Rcode.REFUSED,
            "the update policy does not allow "
                + update.getName()
                + " "
                + Type.string(update.getType())
                + " (RFC 2136 section 3.3)");
      }
    }
    var edit = zone.edit();
    message.updates().forEach(u -> perform(edit, zone.origin(), u));
    return difference(zone, edit, message.updates(), next);
  }

  /** Section 3.2. */
  private static Outcome.@org.jspecify.annotations.Nullable Refused prerequisites(
      Zone zone, List<Record> prerequisites) {
    Map<Key, List<Record>> exact = new HashMap<>();
    for (var record : prerequisites) {
      var name = record.getName();
      int type = record.getType();
      if (record.getTTL() != 0) {
        return formerr("a prerequisite has a TTL", "3.2.5");
      }
      if (!name.subdomain(zone.origin())) {
        return new Outcome.Refused(Rcode.NOTZONE, name + " is not in the zone (section 3.2.5)");
      }
      switch (record.getDClass()) {
        case DClass.ANY -> {
          if (hasData(record)) {
            return formerr("a prerequisite of class ANY has data", "3.2.5");
          }
          if (type == Type.ANY && zone.at(name).isEmpty()) {
            return new Outcome.Refused(Rcode.NXDOMAIN, name + " is not in use (section 3.2.4)");
          }
          if (type != Type.ANY && zone.at(name, type).isEmpty()) {
            return missing(name, type, "3.2.1");
          }
        }
        case DClass.NONE -> {
          if (hasData(record)) {
            return formerr("a prerequisite of class NONE has data", "3.2.5");
          }
          if (type == Type.ANY && !zone.at(name).isEmpty()) {
            return new Outcome.Refused(Rcode.YXDOMAIN, name + " is in use (section 3.2.5)");
          }
          if (type != Type.ANY && zone.at(name, type).isPresent()) {
            return new Outcome.Refused(
                Rcode.YXRRSET, name + " has " + Type.string(type) + " records (section 3.2.3)");
          }
        }
        case DClass.IN ->
            exact.computeIfAbsent(new Key(name, type), k -> new ArrayList<>()).add(record);
        default -> {
          return formerr("a prerequisite of class " + DClass.string(record.getDClass()), "3.2.5");
        }
      }
    }
    for (var entry : exact.entrySet()) {
      var key = entry.getKey();
      var there = zone.at(key.name(), key.type()).map(RrSet::records).orElse(List.of());
      if (!new HashSet<>(there).equals(new HashSet<>(entry.getValue()))) {
        return missing(key.name(), key.type(), "3.2.2");
      }
    }
    return null;
  }

  /** Section 3.4.1: what may not be in the update section at all. */
  private static Outcome.@org.jspecify.annotations.Nullable Refused scan(Zone zone, Record update) {
    if (!update.getName().subdomain(zone.origin())) {
      return new Outcome.Refused(
          Rcode.NOTZONE, update.getName() + " is not in the zone (section 3.4.1.3)");
    }
    int type = update.getType();
    boolean meta = type == Type.OPT || type == 0 || type >= 249 && type <= 254;
    boolean any = type == Type.ANY;
    return switch (update.getDClass()) {
      case DClass.IN ->
          meta || any || !hasData(update)
              ? formerr("cannot add a record of type " + Type.string(type), "3.4.1.3")
              : null;
      case DClass.ANY ->
          meta || update.getTTL() != 0 || hasData(update)
              ? formerr("deleting a set needs TTL 0 and no data", "3.4.1.3")
              : null;
      case DClass.NONE ->
          meta || any || update.getTTL() != 0 || !hasData(update)
              ? formerr("deleting a record needs TTL 0, a type and data", "3.4.1.3")
              : null;
      default -> formerr("an update of class " + DClass.string(update.getDClass()), "3.4.1.3");
    };
  }

  /** Section 3.4.2. */
  private static void perform(ZoneEdit edit, Name origin, Record update) {
    switch (update.getDClass()) {
      case DClass.ANY -> deleteSets(edit, origin, update.getName(), update.getType());
      case DClass.NONE -> delete(edit, origin, asIn(update));
      default -> add(edit, origin, update);
    }
  }

  private static void deleteSets(ZoneEdit edit, Name origin, Name name, int type) {
    for (int there : edit.types(name)) {
      boolean wanted = type == Type.ANY || there == type;
      boolean kept = name.equals(origin) && (there == Type.SOA || there == Type.NS); // 3.4.2.3
      if (wanted && !kept) {
        edit.remove(name, there);
      }
    }
  }

  private static void delete(ZoneEdit edit, Name origin, Record record) {
    boolean lastServer =
        record.getType() == Type.NS
            && record.getName().equals(origin)
            && edit.at(origin, Type.NS).map(s -> s.size() == 1).orElse(false);
    if (record.getType() != Type.SOA && !lastServer) { // section 3.4.2.4
      edit.remove(record);
    }
  }

  /** Section 3.4.2.2: what does not go with what is there is left out without a word. */
  static void add(ZoneEdit edit, Name origin, Record record) {
    var name = record.getName();
    int type = record.getType();
    var here = edit.types(name);
    if (type == Type.CNAME) {
      if (here.stream().allMatch(ZoneBuilder::besideAlias)) {
        edit.put(RrSet.of(record));
      }
      return;
    }
    if (here.contains(Type.CNAME) && !ZoneBuilder.besideAlias(type)) {
      return;
    }
    switch (type) {
      case Type.SOA -> {
        boolean later = Serial.isAfter(((SOARecord) record).getSerial(), edit.serial());
        if (name.equals(origin) && later) {
          edit.put(RrSet.of(record));
        }
      }
      case Type.DNAME -> edit.put(RrSet.of(record));
      default -> edit.add(record);
    }
  }

  /** What really changed, and a later serial if anything did. */
  private static Outcome difference(
      Zone zone, ZoneEdit edit, List<Record> updates, LongUnaryOperator next) {
    var removed = new ArrayList<Record>();
    var added = new ArrayList<Record>();
    var names = new HashSet<Name>();
    updates.forEach(u -> names.add(u.getName()));
    for (var name : names) {
      var before = ttls(zone.at(name));
      var after = ttls(edit.at(name));
      before.keySet().stream().filter(r -> !after.containsKey(r)).forEach(removed::add);
      after.forEach(
          (record, ttl) -> {
            if (!ttl.equals(before.get(record))) {
              added.add(record);
            }
          });
    }
    if (removed.isEmpty() && added.isEmpty()) {
      return new Outcome.Unchanged();
    }
    if (edit.serial() == zone.serial()) { // section 3.6
      edit.serial(next.applyAsLong(zone.serial()));
    }
    return new Outcome.Changed(edit.done(), removed, added);
  }

  /** Records whose own TTL is that of their set, which is named once more: records forget it. */
  private static Map<Record, Long> ttls(List<RrSet> sets) {
    var records = new LinkedHashMap<Record, Long>();
    for (var set : sets) {
      for (var record : set.records()) {
        var own =
            record.getTTL() == set.ttl()
                ? record
                : Record.newRecord(
                    record.getName(),
                    record.getType(),
                    DClass.IN,
                    set.ttl(),
                    ResponseWriter.data(record));
        records.put(own, set.ttl());
      }
    }
    return records;
  }

  private static Record asIn(Record record) {
    return Record.newRecord(
        record.getName(), record.getType(), DClass.IN, 0, record.rdataToWireCanonical());
  }

  private static boolean hasData(Record record) {
    return record.rdataToWireCanonical().length > 0;
  }

  private static Outcome.Refused formerr(String why, String section) {
    return new Outcome.Refused(Rcode.FORMERR, why + " (RFC 2136 section " + section + ")");
  }

  private static Outcome.Refused missing(Name name, int type, String section) {
    return new Outcome.Refused(
        Rcode.NXRRSET,
        name + " has not the " + Type.string(type) + " records wanted (section " + section + ")");
  }
}
