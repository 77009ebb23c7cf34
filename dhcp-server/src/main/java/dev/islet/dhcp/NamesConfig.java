package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.dhcp.name.HostNames;
import dev.islet.dhcp.name.Naming;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How names of clients get into DNS: by updates (RFC 2136) signed with a shared key (RFC 8945).
 *
 * @param reverseZone zones of the reverse names; by default, one for each subnet, at the byte
 *     boundary
 */
public record NamesConfig(
    @Key("address of the DNS server") InetSocketAddress server,
    @Key(value = "domain in which clients get names", def = "home.arpa") String zone,
    @Key(value = "zones of the reverse names, like 7.168.192.in-addr.arpa", def = "[]")
        List<String> reverseZone,
    @Key(value = "name of the key", def = "dhcp-dns.") String key,
    @Key("the key in base64; by default the one in keys/dhcp-dns.tsig of the data folder")
        Optional<String> secret,
    @Key(value = "time to live of the records", def = "5m") Duration ttl,
    @Key(value = "names no client may take, besides localhost, wpad and their like", def = "[]")
        List<String> reserved) {
  public NamesConfig {
    zone = strip(zone);
    key = strip(key);
    reverseZone = reverseZone.stream().map(NamesConfig::strip).toList();
    if (zone.isEmpty()) {
      throw new BadValue("zone", "expected a domain like home.arpa");
    }
    if (secret.isPresent()) {
      try {
        if (java.util.Base64.getDecoder().decode(secret.get()).length < 16) {
          throw new BadValue("secret", "expected at least 16 bytes in base64");
        }
      } catch (BadValue e) {
        throw e;
      } catch (IllegalArgumentException e) {
        throw new BadValue("secret", "expected base64");
      }
    }
  }

  /** As the engines want it. */
  Naming naming() {
    return new Naming(zone, new HostNames(reserved));
  }

  private static String strip(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
