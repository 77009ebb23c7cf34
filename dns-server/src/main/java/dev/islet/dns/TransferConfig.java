package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import java.time.Duration;
import java.util.List;

/** Who may have a whole zone by AXFR or IXFR; where both are named, both must be right. */
public record TransferConfig(
    @Key(value = "networks that may have it; any that has a key if empty", def = "[]")
        List<Prefix> networks,
    @Key(value = "names of TSIG keys, one of which must sign; none needed if empty", def = "[]")
        List<String> keys,
    @Key(value = "a transfer that takes longer is cut", def = "10m") Duration maxTime) {
  public TransferConfig {
    if (networks.isEmpty() && keys.isEmpty()) {
      throw new BadValue("transfer", "expected networks, keys, or both: it would be for nobody");
    }
    if (maxTime.toMillis() < 1_000) {
      throw new BadValue("max-time", "expected at least 1s");
    }
    keys.forEach(key -> DnsConfig.name("keys", key));
  }
}
