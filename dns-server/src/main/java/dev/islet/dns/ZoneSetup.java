package dev.islet.dns;

import dev.islet.core.net.Prefix;
import dev.islet.dns.zone.SerialPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
  private Optional<TransferConfig> transfer = Optional.empty();
  private Optional<NotifyConfig> notifyTo = Optional.empty();
  private Optional<SecondaryConfig> secondary = Optional.empty();
  private Optional<DnssecConfig> dnssec = Optional.empty();
  private SerialPolicy serial = SerialPolicy.KEEP;
  private Optional<CatalogRole> catalog = Optional.empty();
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

  /** Signs the zone with all defaults (DNSSEC). */
  public ZoneSetup dnssec() {
    return dnssec(DnssecConfig.parse("on"));
  }

  /** Signs the zone (DNSSEC). */
  public ZoneSetup dnssec(DnssecConfig how) {
    dnssec = Optional.of(how);
    return this;
  }

  /** Gives the whole zone to any server of these networks, like {@code 192.168.7.2/32}. */
  public ZoneSetup transferTo(String... networks) {
    return transfer(List.of(networks), List.of());
  }

  /** Gives the whole zone to whoever signs with one of these keys. */
  public ZoneSetup transferBy(String... keys) {
    return transfer(List.of(), List.of(keys));
  }

  /** Gives the whole zone to servers of these networks that sign with one of these keys. */
  public ZoneSetup transfer(List<String> networks, List<String> keys) {
    var prefixes = networks.stream().map(Prefix::parse).toList();
    transfer = Optional.of(new TransferConfig(prefixes, keys, Duration.ofMinutes(10)));
    return this;
  }

  /** Tells these servers, like {@code 192.168.7.2}, of each change (RFC 1996). */
  public ZoneSetup notifyTo(String... servers) {
    return notifyTo(new NotifyConfig(upstreams(servers), false, Optional.empty()));
  }

  /** Tells servers of each change, signed with a key. */
  public ZoneSetup notifyBy(String key, String... servers) {
    return notifyTo(new NotifyConfig(upstreams(servers), false, Optional.of(key)));
  }

  /** Tells of each change whom this says. */
  public ZoneSetup notifyTo(NotifyConfig whom) {
    notifyTo = Optional.of(whom);
    return this;
  }

  /** Where the serial comes from when the zone changes; what is written in it by default. */
  public ZoneSetup serial(SerialPolicy policy) {
    serial = policy;
    return this;
  }

  /** Makes it a catalog zone (RFC 9432). */
  public ZoneSetup catalog(CatalogRole role) {
    catalog = Optional.of(role);
    return this;
  }

  /** Takes the zone from these servers, in place of records. */
  public ZoneSetup secondaryOf(String... primaries) {
    return secondaryOf(Optional.empty(), primaries);
  }

  /** Takes the zone from these servers, each message signed with a key. */
  public ZoneSetup secondaryBy(String key, String... primaries) {
    return secondaryOf(Optional.of(key), primaries);
  }

  private ZoneSetup secondaryOf(Optional<String> key, String... primaries) {
    return secondaryOf(
        new SecondaryConfig(
            upstreams(primaries), key, 1 << 26, 1_000_000, java.time.Duration.ofMinutes(10)));
  }

  /** Takes the zone from where this says. */
  public ZoneSetup secondaryOf(SecondaryConfig from) {
    secondary = Optional.of(from);
    return this;
  }

  private static List<Upstream> upstreams(String... servers) {
    return Arrays.stream(servers).map(Upstream::parse).toList();
  }

  DnsConfig.ZoneConfig config(Optional<Path> file) {
    return new DnsConfig.ZoneConfig(
        file, records, update, transfer, notifyTo, secondary, dnssec, serial, catalog);
  }
}
