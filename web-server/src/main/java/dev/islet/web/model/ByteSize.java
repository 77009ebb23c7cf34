package dev.islet.web.model;

import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 512}, {@code 32KiB}, {@code 64MiB}, {@code 2GiB}.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes is less than none");
    }
  }

  /** Reads a number with B, KiB, MiB or GiB, or bytes without. */
  public static ByteSize parse(String text) {
    var matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a size; write a number and B, KiB, MiB or GiB, like 64MiB");
    }
    long unit =
        switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1;
        };
    return new ByteSize(Long.parseLong(matcher.group(1)) * unit);
  }

  @Override
  public String toString() {
    if (bytes != 0 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    if (bytes != 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
  }
}
