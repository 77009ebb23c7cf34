package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import java.util.List;
import java.util.Optional;

/** Whom to tell that a zone has changed (RFC 1996). */
public record NotifyConfig(
    @Key(value = "servers to tell, address with an optional port", def = "[]")
        List<Upstream> targets,
    @Key(
            value = "also tell the hosts of the zone's NS records whose addresses we know",
            def = "false")
        boolean servers,
    @Key("TSIG key to sign with") Optional<String> key) {
  public NotifyConfig {
    if (targets.isEmpty() && !servers) {
      throw new BadValue("notify-to", "expected targets, or servers: true; it would tell nobody");
    }
    key.ifPresent(k -> DnsConfig.name("key", k));
  }
}
