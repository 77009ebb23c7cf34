package dev.islet.web.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Hides what a trace must not tell: credentials and cookies. */
public final class Masks {
  private static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key");
  private static final Pattern LINE =
      Pattern.compile(
          "(?im)^(authorization|proxy-authorization|cookie|set-cookie|x-api-key)([ \\t]*:).*$");

  private Masks() {}

  /** The value, or a note of how long it was. */
  public static String value(String name, String value) {
    return SECRET.contains(name.toLowerCase(Locale.ROOT))
        ? "[" + value.length() + " characters hidden]"
        : value;
  }

  /** Up to the first {@code most} bytes as text, with the values of secret fields hidden. */
  public static byte[] head(byte[] bytes, int most) {
    var text = new String(bytes, 0, Math.min(bytes.length, most), StandardCharsets.ISO_8859_1);
    return LINE.matcher(text)
        .replaceAll(line -> line.group(1) + line.group(2) + " [hidden]")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
