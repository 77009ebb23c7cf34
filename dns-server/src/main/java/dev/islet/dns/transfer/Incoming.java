package dev.islet.dns.transfer;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneBuilder;
import dev.islet.dns.zone.ZoneEdit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * Makes a zone of the records of a transfer, one after another: a whole one between two equal SOA
 * records (RFC 5936 section 2.2), or steps from the one that is held (RFC 1995 section 4). What
 * does not fit is a fault, and nothing of it is used.
 */
final class Incoming {
  private enum Place {
    FIRST,
    SECOND,
    WHOLE,
    REMOVED,
    ADDED
  }

  /** The transfer cannot be used. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  private final Name origin;
  private final Optional<Zone> held;
  private final boolean incremental;
  private final ZoneBuilder builder;
  private final List<Difference> steps = new ArrayList<>();
  private final Set<Name> touched = new HashSet<>();
  private Place place = Place.FIRST;
  private List<Record> removed = new ArrayList<>();
  private List<Record> added = new ArrayList<>();
  private @Nullable ZoneEdit edit;
  private @Nullable SOARecord first;
  private @Nullable SOARecord from;
  private @Nullable SOARecord to;

  /**
   * @param incremental whether IXFR was asked; the reply may still be a whole zone
   */
  Incoming(Name origin, Optional<Zone> held, boolean incremental) {
    this.origin = origin;
    this.held = held;
    this.incremental = incremental;
    this.builder = new ZoneBuilder(origin);
  }

  /** Takes the next record; the outcome if it was the last one. */
  Optional<Outcome> accept(Record record, long bytes) throws Fault {
    if (record.getDClass() != DClass.IN || !record.getName().subdomain(origin)) {
      throw new Fault("a record out of the zone: " + record.getName());
    }
    var soa = record instanceof SOARecord start ? start : null;
    if (soa != null && !soa.getName().equals(origin)) {
      throw new Fault("an SOA record below the top: " + soa.getName());
    }
    return switch (place) {
      case FIRST -> first(soa);
      case SECOND -> second(record, soa);
      case WHOLE -> whole(record, soa, bytes);
      case REMOVED -> {
        removed(record, soa);
        yield Optional.empty();
      }
      case ADDED -> added(record, soa, bytes);
    };
  }

  private Optional<Outcome> first(@Nullable SOARecord soa) throws Fault {
    if (soa == null) {
      throw new Fault("the first record is no SOA (RFC 5936 section 2.2)");
    }
    first = soa;
    place = Place.SECOND;
    if (held.isEmpty() || Serial.isAfter(soa.getSerial(), held.get().serial())) {
      return Optional.empty();
    }
    if (soa.getSerial() != held.get().serial()) {
      throw new Fault("the primary went back to serial " + soa.getSerial());
    }
    return Optional.of(new Outcome.UpToDate());
  }

  private Optional<Outcome> second(Record record, @Nullable SOARecord soa) throws Fault {
    if (incremental && soa != null && held.isPresent() && soa.getSerial() == held.get().serial()) {
      edit = held.get().edit();
      from = soa;
      place = Place.REMOVED;
      return Optional.empty();
    }
    place = Place.WHOLE;
    add(begun(first));
    return whole(record, soa, 0);
  }

  private Optional<Outcome> whole(Record record, @Nullable SOARecord soa, long bytes) throws Fault {
    if (soa == null) {
      add(record);
      return Optional.empty();
    }
    if (!soa.equals(first)) {
      throw new Fault("the last SOA record is not the first one (RFC 5936 section 2.2)");
    }
    var lack = builder.incomplete();
    if (lack.isPresent()) {
      throw new Fault(lack.get());
    }
    return Optional.of(new Outcome.Whole(builder.build(), bytes));
  }

  private void add(Record record) throws Fault {
    var wrong = builder.add(record);
    if (wrong.isPresent()) {
      throw new Fault(wrong.get());
    }
  }

  private void removed(Record record, @Nullable SOARecord soa) throws Fault {
    var zone = begun(edit);
    if (soa != null) {
      if (!Serial.isAfter(soa.getSerial(), begun(from).getSerial())) {
        throw new Fault("a step back to serial " + soa.getSerial());
      }
      to = soa;
      zone.put(RrSet.of(soa));
      place = Place.ADDED;
      return;
    }
    if (!zone.holds(record)) {
      throw new Fault("what is to be removed is not there: " + record.getName());
    }
    zone.remove(record);
    removed.add(record);
    touched.add(record.getName());
  }

  private Optional<Outcome> added(Record record, @Nullable SOARecord soa, long bytes) throws Fault {
    var zone = begun(edit);
    if (soa == null) {
      zone.add(record);
      added.add(record);
      touched.add(record.getName());
      return Optional.empty();
    }
    if (soa.getSerial() != begun(to).getSerial()) {
      throw new Fault("a step from serial " + soa.getSerial() + ", which none led to");
    }
    steps.add(new Difference(begun(from), removed, begun(to), added));
    removed = new ArrayList<>();
    added = new ArrayList<>();
    if (soa.getSerial() != begun(first).getSerial()) {
      from = soa;
      place = Place.REMOVED;
      return Optional.empty();
    }
    touched.add(origin);
    for (var name : touched) {
      check(zone, name);
    }
    return Optional.of(new Outcome.Changed(zone.done(), steps, bytes));
  }

  /** What the steps have left at a name must be what a zone may hold. */
  private void check(ZoneEdit zone, Name name) throws Fault {
    var probe = new ZoneBuilder(origin);
    for (var set : zone.at(name)) {
      for (var record : set.records()) {
        var wrong = probe.add(record);
        if (wrong.isPresent()) {
          throw new Fault(wrong.get());
        }
      }
    }
    if (name.equals(origin) && !probe.hasAtTop(Type.NS)) {
      throw new Fault("no NS record is left at the top");
    }
  }

  private static <T> T begun(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("a part of the transfer before its beginning");
    }
    return part;
  }
}
