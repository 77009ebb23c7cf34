package dev.islet.dhcp;

import dev.islet.core.net.Prefix;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.transport.NameRegistrar;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Makes the registrar that writes clients' names into DNS, from what the configuration says. */
final class NameWriting {
  private final Surroundings around;
  private final DhcpConfig config;

  NameWriting(Surroundings around, DhcpConfig config) {
    this.around = around;
    this.config = config;
  }

  NameRegistrar registrar(NamesConfig dns) {
    String secret;
    try {
      var shared = around.home().map(h -> h.data().resolve("keys").resolve("dhcp-dns.tsig"));
      secret =
          dns.secret().isPresent() || shared.isEmpty()
              ? dns.secret().orElse("")
              : SharedSecret.of(shared.get());
    } catch (IOException e) {
      throw new StartException(
          "DHCP-NAMES-001",
          "cannot keep the key for DNS updates: " + e,
          "Make the data folder writable, or write the key into dns.secret",
          e);
    }
    try {
      return new NameRegistrar(
          new NameRegistrar.Settings(
              dns.server(),
              dns.zone(),
              dns.reverseZone().isEmpty() ? reverseZones() : dns.reverseZone(),
              dns.key(),
              secret,
              dns.ttl()),
          around.time(),
          (event, outcome) -> {
            around.metrics().count(outcome);
            around.trace().emit(event);
          });
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "DHCP-NAMES-002",
          "the key for DNS updates is neither 64 hexadecimal digits nor base64",
          "Correct dns.secret, or delete keys/dhcp-dns.tsig to get a fresh one",
          e);
    }
  }

  /** One zone a subnet, at the boundary of a byte or a nibble at or above its length. */
  private List<String> reverseZones() {
    var six = config.ipv6().map(Ipv6Config::subnets).orElse(List.of());
    return Stream.concat(
            config.subnets().stream().map(s -> reverse4(s.subnet())),
            six.stream().map(s -> reverse6(s.subnet())))
        .distinct()
        .toList();
  }

  private static String reverse4(Prefix subnet) {
    var bytes = subnet.address().getAddress();
    var zone = new StringBuilder();
    for (int i = subnet.length() / 8 - 1; i >= 0; i--) {
      zone.append(bytes[i] & 255).append('.');
    }
    return zone.append("in-addr.arpa").toString();
  }

  private static String reverse6(Prefix subnet) {
    var digits = HexFormat.of().formatHex(subnet.address().getAddress());
    var zone = new StringBuilder();
    for (int i = subnet.length() / 4 - 1; i >= 0; i--) {
      zone.append(digits.charAt(i)).append('.');
    }
    return zone.append("ip6.arpa").toString();
  }
}
