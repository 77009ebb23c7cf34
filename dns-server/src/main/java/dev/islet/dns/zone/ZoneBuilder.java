package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.ResponseWriter;
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
  private final ZoneEdit edit;

  public ZoneBuilder(Name origin) {
    this.origin = origin;
    this.edit = ZoneEdit.empty(origin);
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
    var node = edit.node(record.getName());
    int set = node == null ? -1 : Node.set(node, type);
    long ttl = record.getTTL() > RrSet.MAX_TTL ? 0 : record.getTTL();
    if (node != null && set >= 0) {
      ttl = Math.min(ttl, Node.ttl(node, set)); // the lowest counts
      if (holds(node, set, record)) {
        return Optional.empty();
      }
      if (type == Type.SOA || type == Type.CNAME || type == Type.DNAME) {
        return Optional.of(
            record.getName() + " has more than one " + Type.string(type) + " record");
      }
    }
    if (node != null && besideOthers(node, type)) {
      return Optional.of(record.getName() + " has a CNAME and other data (RFC 2181 section 10.1)");
    }
    edit.append(record, ttl);
    return Optional.empty();
  }

  /** Whether a set has a record already, with names in any case. */
  private static boolean holds(byte[] node, int set, Record record) {
    return Node.holds(node, set, ResponseWriter.data(record))
        || hasNames(record.getType())
            && Node.read(node, set, record.getName()).records().contains(record);
  }

  private static boolean hasNames(int type) {
    return type != Type.A && type != Type.AAAA && type != Type.TXT;
  }

  /** Whether a record of a type would stand beside an alias, or be one beside other data. */
  private static boolean besideOthers(byte[] node, int type) {
    boolean alias = type == Type.CNAME || (Node.traits(node) & Node.CNAME) != 0;
    if (!alias) {
      return false;
    }
    for (int at = Node.sets(node); at < node.length; at = Node.next(node, at)) {
      if (!besideAlias(Node.type(node, at))) {
        return true;
      }
    }
    return !besideAlias(type);
  }

  /** Whether a type may be at a name with an alias: the alias and its proofs (RFC 4034). */
  public static boolean besideAlias(int type) {
    return type == Type.CNAME || type == Type.RRSIG || type == Type.NSEC;
  }

  /** Whether there is a record of a type at the top. */
  public boolean hasAtTop(int type) {
    return edit.at(origin, type).isPresent();
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
    return edit.done();
  }
}
