package dev.islet.dhcp.classify;

import dev.islet.dhcp.model.Octets;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A text that bytes of a client must be like: {@code *} stands for anything, {@code hex:} before it
 * for bytes that are no text.
 */
public final class TextMatch {
  private final String text;
  private final Pattern pattern;

  private TextMatch(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is empty or no hexadecimal bytes
   */
  public static TextMatch parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("expected a text like android-dhcp-*");
    }
    var regex = new StringBuilder();
    if (text.startsWith("hex:")) {
      regex.append(Pattern.quote(latin(Octets.parse(text.substring(4)))));
    } else {
      var parts = text.split("\\*", -1);
      for (int i = 0; i < parts.length; i++) {
        regex.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
      }
    }
    return new TextMatch(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  /** Whether bytes are like it. */
  public boolean matches(Octets bytes) {
    return pattern.matcher(latin(bytes)).matches();
  }

  private static String latin(Octets bytes) {
    return new String(bytes.toBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextMatch t && text.equals(t.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
