package dev.islet.dhcp.transport;

import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.DomainNames;
import java.io.ByteArrayOutputStream;

/**
 * A dynamic update for a zone (RFC 2136): prerequisites that must hold, then changes that are made
 * together or not at all.
 */
final class DnsUpdate {
  static final int A = 1;
  static final int PTR = 12;
  static final int AAAA = 28;
  static final int DHCID = 49;
  private static final int SOA = 6;
  private static final int ANY = 255;
  private static final int IN = 1;
  private static final int NONE = 254;
  private static final int OPCODE_UPDATE = 5 << 11;

  private final String zone;
  private final ByteArrayOutputStream prerequisites = new ByteArrayOutputStream();
  private final ByteArrayOutputStream changes = new ByteArrayOutputStream();
  private int prerequisiteCount;
  private int changeCount;

  DnsUpdate(String zone) {
    this.zone = zone;
  }

  /** Nothing at all has this name (2.4.5). */
  DnsUpdate requireUnused(String name) {
    return require(name, ANY, NONE, Octets.EMPTY);
  }

  /** The set of this name and type is exactly this one record (2.4.2). */
  DnsUpdate requireExactly(String name, int type, Octets data) {
    return require(name, type, IN, data);
  }

  /** There is no set of this name and type (2.4.3). */
  DnsUpdate requireNone(String name, int type) {
    return require(name, type, NONE, Octets.EMPTY);
  }

  /** Adds a record (2.5.1). */
  DnsUpdate add(String name, int type, long ttl, Octets data) {
    return change(name, type, IN, ttl, data);
  }

  /** Deletes all records of a name and type (2.5.2). */
  DnsUpdate deleteSet(String name, int type) {
    return change(name, type, ANY, 0, Octets.EMPTY);
  }

  /** Deletes all records of a name (2.5.3). */
  DnsUpdate deleteName(String name) {
    return change(name, ANY, ANY, 0, Octets.EMPTY);
  }

  /** Deletes one record (2.5.4). */
  DnsUpdate delete(String name, int type, Octets data) {
    return change(name, type, NONE, 0, data);
  }

  /** The message, not signed. */
  byte[] encode(int id) {
    var out = new ByteArrayOutputStream();
    put16(out, id);
    put16(out, OPCODE_UPDATE);
    put16(out, 1);
    put16(out, prerequisiteCount);
    put16(out, changeCount);
    put16(out, 0);
    out.writeBytes(DomainNames.encode(zone));
    put16(out, SOA);
    put16(out, IN);
    out.writeBytes(prerequisites.toByteArray());
    out.writeBytes(changes.toByteArray());
    return out.toByteArray();
  }

  private DnsUpdate require(String name, int type, int dnsClass, Octets data) {
    record(prerequisites, name, type, dnsClass, 0, data);
    prerequisiteCount++;
    return this;
  }

  private DnsUpdate change(String name, int type, int dnsClass, long ttl, Octets data) {
    record(changes, name, type, dnsClass, ttl, data);
    changeCount++;
    return this;
  }

  private static void record(
      ByteArrayOutputStream out, String name, int type, int dnsClass, long ttl, Octets data) {
    out.writeBytes(DomainNames.encode(name));
    put16(out, type);
    put16(out, dnsClass);
    put16(out, (int) (ttl >>> 16));
    put16(out, (int) ttl);
    put16(out, data.size());
    out.writeBytes(data.toBytes());
  }

  static void put16(ByteArrayOutputStream out, int value) {
    out.write(value >>> 8);
    out.write(value);
  }
}
