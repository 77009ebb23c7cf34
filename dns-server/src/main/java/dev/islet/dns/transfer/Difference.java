package dev.islet.dns.transfer;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.zone.Zone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * What leads from one serial of a zone to a later one (RFC 1995 section 4).
 *
 * @param from the SOA record before
 * @param removed records with the TTLs they had, without the SOA
 * @param to the SOA record after
 * @param added records with their TTLs, without the SOA
 */
public record Difference(SOARecord from, List<Record> removed, SOARecord to, List<Record> added) {
  public Difference {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  /** How many records a transfer of it has. */
  public int size() {
    return removed.size() + added.size() + 2;
  }

  /** Compares two states of one zone. */
  public static Difference between(Zone before, Zone after) {
    var removed = new ArrayList<Record>();
    var added = new ArrayList<Record>();
    before.setsUnlike(after).forEach(set -> compare(set, after, removed));
    after.setsUnlike(before).forEach(set -> compare(set, before, added));
    return new Difference(soa(before), removed, soa(after), added);
  }

  /** A record of the SOA set with the set's TTL. */
  static SOARecord soa(Zone zone) {
    return (SOARecord) records(zone.soa()).getFirst();
  }

  /**
   * Records whose own TTL is that of their set, and whose owner is the set's. Signatures are no
   * set: each has the TTL of what it covers (RFC 4034 section 3), and comes from the zone so.
   */
  public static List<Record> records(RrSet set) {
    if (set.type() == Type.RRSIG) {
      return set.records();
    }
    return set.records().stream()
        .map(
            r ->
                r.getTTL() == set.ttl()
                    ? r
                    : Record.newRecord(
                        set.name(), set.type(), DClass.IN, set.ttl(), ResponseWriter.data(r)))
        .toList();
  }

  /** Those of a set that the other zone lacks or has with another TTL. */
  private static void compare(RrSet set, Zone other, List<Record> out) {
    if (set.type() == Type.SOA) {
      return;
    }
    var theirs = other.at(set.name(), set.type());
    boolean sameTtl = set.type() == Type.RRSIG || theirs.map(RrSet::ttl).orElse(-1L) == set.ttl();
    if (theirs.isEmpty() || !sameTtl) {
      out.addAll(records(set));
      return;
    }
    var known = new HashSet<>(theirs.get().records());
    for (var record : records(set)) {
      if (!known.contains(record)) {
        out.add(record);
      }
    }
  }
}
