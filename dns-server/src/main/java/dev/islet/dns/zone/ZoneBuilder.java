package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.wire.WireName;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Makes a zone of records from a file or from code, and refuses what cannot be served: records
 * outside the zone, an alias beside other data (RFC 2181 section 10.1), two aliases, several SOA
 * records or none, no NS set.
 *
 * <p>A set has one TTL: the lowest that its records came with, whatever their order, as RFC 2181
 * section 5.2 says for who gets such a set. (BIND takes the first, Knot the last, NSD each its
 * own.)
 */
public final class ZoneBuilder {
  private static final int MOST_BYTES = 1 << 30;

  private final Name origin;
  private final byte[] originWire;
  private final ZoneEdit edit;
  private boolean mixed;

  public ZoneBuilder(Name origin) {
    this.origin = origin;
    this.originWire = origin.toWire();
    this.edit = ZoneEdit.empty(origin);
  }

  /** Adds a record; what is wrong with it, in one phrase, or nothing. */
  public Optional<String> add(Record record) {
    if (record.getDClass() != DClass.IN) {
      return Optional.of("class " + DClass.string(record.getDClass()) + " is not served, only IN");
    }
    var name = record.getName().toWire();
    var data = ResponseWriter.data(record);
    return add(name, name.length, record.getType(), record.getTTL(), data, data.length);
  }

  /**
   * Adds a record of class IN that is on the wire already.
   *
   * @param name begins with the owner; only read
   * @param length octets of the owner
   * @param data begins with data that has the form of its type, not compressed; only read
   * @param dataLength octets of the data
   * @return what is wrong with it, in one phrase, or nothing
   */
  public Optional<String> add(
      byte[] name, int length, int type, long ttl, byte[] data, int dataLength) {
    if (!isInside(name, length)) {
      return Optional.of(named(name, length) + " is not in the zone " + origin);
    }
    if (type == Type.OPT || type == 0 || type >= 249 && type <= 255) {
      return Optional.of(Type.string(type) + " is not a type of zone data (RFC 6895 section 3.1)");
    }
    if (type == Type.SOA && length != originWire.length) {
      return Optional.of("an SOA record belongs to the top of the zone, " + origin);
    }
    var node = edit.node(name, length);
    int before = node == null ? -1 : edit.ttl(node, type);
    long own = ttl > RrSet.MAX_TTL ? 0 : ttl;
    long lowest = before < 0 ? own : Math.min(own, before);
    if (node != null && before >= 0) {
      mixed |= own != before && type != Type.RRSIG;
      if (edit.holds(node, type, data, dataLength)) {
        edit.ttl(node, type, (int) lowest);
        return Optional.empty();
      }
      if (type == Type.SOA || type == Type.CNAME || type == Type.DNAME) {
        return Optional.of(
            named(name, length) + " has more than one " + Type.string(type) + " record");
      }
    }
    if (node != null && besideOthers(node, type)) {
      return Optional.of(
          named(name, length) + " has a CNAME and other data (RFC 2181 section 10.1)");
    }
    if (node != null && edit.bytes(node) + dataLength > MOST_BYTES) {
      return Optional.of(named(name, length) + " has more than 1 GiB of records");
    }
    edit.append(name, length, node, type, lowest, data, dataLength);
    return Optional.empty();
  }

  private boolean isInside(byte[] name, int length) {
    int from = 0;
    while (length - from > originWire.length) {
      from += 1 + name[from];
    }
    return length - from == originWire.length
        && WireName.same(name, from, originWire, 0, originWire.length);
  }

  private static Name named(byte[] name, int length) {
    return Node.name(Node.empty(name, 0, length));
  }

  /** Whether a record of a type would stand beside an alias, or be one beside other data. */
  private boolean besideOthers(byte[] node, int type) {
    boolean alias = type == Type.CNAME || edit.ttl(node, Type.CNAME) >= 0;
    return alias
        && (!besideAlias(type) || edit.types(node).stream().anyMatch(t -> !besideAlias(t)));
  }

  /** Whether a type may be at a name with an alias: the alias and its proofs (RFC 4034). */
  public static boolean besideAlias(int type) {
    return type == Type.CNAME || type == Type.RRSIG || type == Type.NSEC;
  }

  /** Whether records of a set came with other TTLs. */
  public boolean isMixed() {
    return mixed;
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
