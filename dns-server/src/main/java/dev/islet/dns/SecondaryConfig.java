package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the content of a zone comes from (RFC 5936, RFC 1995). */
public record SecondaryConfig(
    @Key("servers that have it, address with an optional port, in the order to ask")
        List<Upstream> primaries,
    @Key("TSIG key that signs what is asked, and must sign the answers") Optional<String> key,
    @Key(value = "a transfer of more bytes is refused", def = "67_108_864") long maxBytes,
    @Key(value = "a transfer of more records is refused", def = "1_000_000") int maxRecords,
    @Key(value = "a transfer that takes longer is refused", def = "10m") Duration maxTime) {
  public SecondaryConfig {
    if (primaries.isEmpty()) {
      throw new BadValue("primaries", "expected at least one server");
    }
    if (maxBytes < 512 || maxRecords < 2 || maxTime.toMillis() < 1_000) {
      throw new BadValue("max-bytes", "expected at least 512 bytes, 2 records and 1s");
    }
    key.ifPresent(k -> DnsConfig.name("key", k));
  }
}
