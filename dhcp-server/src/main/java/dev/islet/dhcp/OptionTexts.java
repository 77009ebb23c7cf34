package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.OptionKind;
import dev.islet.dhcp.wire.OptionText;
import java.util.Map;
import java.util.TreeMap;

/** Options as people write them, by name or code. */
final class OptionTexts {
  private OptionTexts() {}

  /**
   * The options by code.
   *
   * @throws BadValue which is wrong, and what was expected
   */
  static Map<Integer, Octets> parse(Map<String, String> options) {
    var parsed = new TreeMap<Integer, Octets>();
    options.forEach(
        (name, text) -> {
          try {
            var kind = OptionKind.parse(name);
            if (Code.OWN.contains(kind.code())) {
              throw new IllegalArgumentException(
                  "option " + kind.name() + " is the server's own and cannot be set");
            }
            if (parsed.put(kind.code(), OptionText.parse(kind, text)) != null) {
              throw new IllegalArgumentException("option " + kind.code() + " is given twice");
            }
          } catch (IllegalArgumentException e) {
            throw BadValue.at("options", name, String.valueOf(e.getMessage()));
          }
        });
    return parsed;
  }
}
