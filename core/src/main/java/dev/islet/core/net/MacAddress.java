package dev.islet.core.net;

import java.util.regex.Pattern;

/**
 * A 48-bit link-layer address.
 *
 * @param bits the address in the low 48 bits, first byte highest
 */
public record MacAddress(long bits) {
  private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");

  /** All ones. */
  public static final MacAddress BROADCAST = new MacAddress(0xFFFF_FFFF_FFFFL);

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
    }
  }

  /** Reads {@code b8:27:eb:00:00:01}; dashes will do. */
  public static MacAddress parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a MAC address like b8:27:eb:00:00:01");
    }
    return new MacAddress(Long.parseLong(text.replaceAll("[:-]", ""), 16));
  }

  /** Reads six bytes from an offset. */
  public static MacAddress of(byte[] bytes, int offset) {
    long bits = 0;
    for (int i = 0; i < 6; i++) {
      bits = bits << 8 | bytes[offset + i] & 0xFF;
    }
    return new MacAddress(bits);
  }

  /** Six bytes, in the order of the wire. */
  public byte[] toBytes() {
    var bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (bits >>> 40 - 8 * i);
    }
    return bytes;
  }

  @Override
  public String toString() {
    var bytes = toBytes();
    return "%02x:%02x:%02x:%02x:%02x:%02x"
        .formatted(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
  }
}
