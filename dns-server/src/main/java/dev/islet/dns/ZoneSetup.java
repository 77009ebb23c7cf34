package dev.islet.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A zone written in code. Names are relative to the zone; {@code @} is its top, a last dot makes a
 * name absolute. SOA and NS are made up unless given.
 */
public final class ZoneSetup {
  private static final long DEFAULT_TTL = 3_600;

  private final List<String> records = new ArrayList<>();
  private Optional<DnsConfig.UpdateConfig> update = Optional.empty();
  private long ttl = DEFAULT_TTL;

  ZoneSetup() {}

  /** Seconds that the records after this may be remembered. */
  public ZoneSetup ttl(long seconds) {
    ttl = seconds;
    return this;
  }

  /** An IPv4 address. */
  public ZoneSetup a(String name, String address) {
    return record(name, "A", address);
  }

  /** An IPv6 address. */
  public ZoneSetup aaaa(String name, String address) {
    return record(name, "AAAA", address);
  }

  /** An alias. */
  public ZoneSetup cname(String name, String target) {
    return record(name, "CNAME", target);
  }

  /** A name for an address, in a reverse zone. */
  public ZoneSetup ptr(String name, String target) {
    return record(name, "PTR", target);
  }

  /** Who takes mail; lower preference first. */
  public ZoneSetup mx(String name, int preference, String host) {
    return record(name, "MX", preference + " " + host);
  }

  /** Where a service is, as in {@code srv("_sip._udp", 0, 0, 5060, "voip")} (RFC 2782). */
  public ZoneSetup srv(String name, int priority, int weight, int port, String host) {
    return record(name, "SRV", priority + " " + weight + " " + port + " " + host);
  }

  /** Text, of at most 255 bytes. */
  public ZoneSetup txt(String name, String text) {
    return record(name, "TXT", '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
  }

  /** A record of any type, its data in master file form. */
  public ZoneSetup record(String name, String type, String data) {
    records.add(name + " " + ttl + " IN " + type + " " + data);
    return this;
  }

  /** Lets the holder of a key change the zone by dynamic update. */
  public ZoneSetup update(String... keys) {
    update = Optional.of(new DnsConfig.UpdateConfig(List.of(keys), Optional.empty(), List.of()));
    return this;
  }

  DnsConfig.ZoneConfig config() {
    return new DnsConfig.ZoneConfig(Optional.empty(), records, update);
  }
}
