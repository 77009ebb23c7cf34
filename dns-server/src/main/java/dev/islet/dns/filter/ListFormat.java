package dev.islet.dns.filter;

import java.util.List;
import java.util.Optional;

/** In which form a list is written. */
public enum ListFormat {
  /** {@code 0.0.0.0 name}, each meaning that one name. */
  HOSTS,
  /** A name a line, meaning it and all below; {@code *.name} means only those below. */
  DOMAINS,
  /** {@code ||name^}, {@code @@||name^} with modifiers, as DNS filters read them. */
  ADBLOCK,
  /** A response policy zone in master file form. */
  RPZ;

  /** The form that the first lines of a list seem to have. */
  public static ListFormat guess(List<String> lines) {
    for (var raw : lines) {
      var line = raw.strip();
      if (line.startsWith("$TTL") || line.startsWith("$ORIGIN") || line.matches(".*\\sSOA\\s.*")) {
        return RPZ;
      }
      if (line.startsWith("||") || line.startsWith("@@") || line.startsWith("[Adblock")) {
        return ADBLOCK;
      }
      if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '!') {
        var words = line.split("\\s+");
        if (words.length > 1 && words[0].matches("[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*")) {
          return HOSTS;
        }
      }
    }
    return DOMAINS;
  }

  /** The given form, or else the one the lines seem to have. */
  static ListFormat of(Optional<ListFormat> given, List<String> lines) {
    return given.orElseGet(() -> guess(lines));
  }
}
