package dev.islet.dhcp;

import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.OptionKind;
import java.util.Map;
import java.util.TreeMap;

/** Options as people write them, by name or code. */
final class OptionTexts {
  private OptionTexts() {}

  /**
   * The options by code.
   *
   * @throws IllegalArgumentException saying which is wrong and what was expected
   */
  static Map<Integer, Octets> parse(Map<String, String> options) {
    var parsed = new TreeMap<Integer, Octets>();
    options.forEach(
        (name, text) -> {
          var kind = OptionKind.parse(name);
          if (Code.OWN.contains(kind.code())) {
            throw new IllegalArgumentException(
                "option " + kind.name() + " is the server's own and cannot be set");
          }
          parsed.put(kind.code(), OptionCodec.parse(kind, text));
        });
    return parsed;
  }
}
