package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.dns.queries.Anonymity;
import java.time.Duration;

/** What is remembered of questions; nothing by default. */
public record QueriesConfig(
    @Key(value = "count names and askers of the last day, in memory", def = "false")
        boolean statistics,
    @Key(value = "write every reply to compressed files in the folder of logs", def = "false")
        boolean log,
    @Key(value = "what is remembered of an asker: full, network or none", def = "full")
        Anonymity clients,
    @Key(value = "how long a batch is collected; the power takes at most that", def = "10m")
        Duration every,
    @Key(value = "bytes the log may write in a day", def = "16_777_216") long maxDay,
    @Key(value = "bytes of all files of the log; the oldest go", def = "134_217_728")
        long maxTotal) {
  public QueriesConfig {
    if (every.toMillis() < 1_000 || every.toHours() > 24) {
      throw new BadValue("every", "expected 1s to 24h");
    }
    if (maxDay < 1 || maxTotal < maxDay) {
      throw new BadValue("max-total", "expected at least max-day, and that at least 1");
    }
  }
}
