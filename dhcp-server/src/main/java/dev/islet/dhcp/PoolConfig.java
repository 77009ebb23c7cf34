package dev.islet.dhcp;

import dev.islet.core.config.Key;
import dev.islet.dhcp.subnet.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** Addresses that clients get; just the range, if they are for any client. */
public record PoolConfig(
    @Key("the addresses, like 192.168.7.100-192.168.7.200") Range range,
    @Key(value = "of whose members a client must be one; none: any client", def = "[]")
        List<String> classes) {
  /** Reads a range for any client. */
  public static PoolConfig parse(String text) {
    return new PoolConfig(Range.parse(text), List.of());
  }

  static Collector<PoolConfig, ?, Map<Range, Set<String>>> byRange() {
    return Collectors.toMap(
        PoolConfig::range,
        p -> Set.copyOf(p.classes()),
        (one, other) -> {
          throw new IllegalArgumentException("a range is given twice");
        },
        LinkedHashMap::new);
  }
}
