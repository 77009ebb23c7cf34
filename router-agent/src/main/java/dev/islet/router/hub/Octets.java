package dev.islet.router.hub;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes with the equality of their content, written as hexadecimal digits.
 *
 * @param bytes not copied: do not change them afterwards
 */
public record Octets(byte[] bytes) {
  /** Reads hexadecimal digits. */
  public static Octets parse(String hex) {
    return new Octets(HexFormat.of().parseHex(hex));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
