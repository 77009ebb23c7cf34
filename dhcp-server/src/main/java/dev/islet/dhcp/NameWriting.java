package dev.islet.dhcp;

import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.transport.NameRegistrar;
import java.io.IOException;
import java.util.List;

/** Makes the registrar that writes clients' names into DNS, from what the configuration says. */
final class NameWriting {
  private final Surroundings around;
  private final List<SubnetConfig> subnets;

  NameWriting(Surroundings around, List<SubnetConfig> subnets) {
    this.around = around;
    this.subnets = subnets;
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

  /** One zone a subnet, at the byte boundary at or above its length. */
  private List<String> reverseZones() {
    return subnets.stream()
        .map(
            s -> {
              var bytes = s.subnet().address().getAddress();
              var zone = new StringBuilder();
              for (int i = s.subnet().length() / 8 - 1; i >= 0; i--) {
                zone.append(bytes[i] & 255).append('.');
              }
              return zone.append("in-addr.arpa").toString();
            })
        .distinct()
        .toList();
  }
}
