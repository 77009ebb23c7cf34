package dev.islet.core.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** Writes the few ASN.1 types a certificate needs in the distinguished encoding (ITU-T X.690). */
final class Der {
  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OID = 0x06;
  private static final int UTF8 = 0x0C;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Instant YEAR_2050 = Instant.parse("2050-01-01T00:00:00Z");

  private Der() {}

  /** Tag, length in the shortest form, and the parts one after the other. */
  static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (var part : parts) {
      length += part.length;
    }
    var out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      var bytes = unsigned(BigInteger.valueOf(length));
      out.write(0x80 | bytes.length);
      out.writeBytes(bytes);
    }
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return element(SEQUENCE, parts);
  }

  /** A set's members stand in the order of their encodings (X.690 section 11.6). */
  static byte[] set(byte[]... parts) {
    var sorted = parts.clone();
    Arrays.sort(sorted, Comparator.comparing((byte[] b) -> b, Arrays::compareUnsigned));
    return element(SET, sorted);
  }

  static byte[] integer(BigInteger value) {
    return element(INTEGER, value.toByteArray());
  }

  static byte[] bool(boolean value) {
    return element(BOOLEAN, new byte[] {(byte) (value ? 0xFF : 0)});
  }

  static byte[] octets(byte[] value) {
    return element(OCTET_STRING, value);
  }

  /**
   * A bit string.
   *
   * @param unused how many of the last byte's low bits do not count
   */
  static byte[] bits(int unused, byte[] value) {
    return element(BIT_STRING, new byte[] {(byte) unused}, value);
  }

  static byte[] utf8(String value) {
    return element(UTF8, value.getBytes(StandardCharsets.UTF_8));
  }

  /** UTCTime until 2049 and GeneralizedTime from then on (RFC 5280 section 4.1.2.5). */
  static byte[] time(Instant at) {
    return at.isBefore(YEAR_2050)
        ? element(UTC_TIME, UTC.format(at).getBytes(StandardCharsets.US_ASCII))
        : element(GENERALIZED_TIME, GENERALIZED.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  /** An object identifier written with dots; the first two arcs share one number. */
  static byte[] oid(String dotted) {
    var arcs = Arrays.stream(dotted.split("\\.")).mapToLong(Long::parseLong).toArray();
    var out = new ByteArrayOutputStream();
    base128(out, arcs[0] * 40 + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      base128(out, arcs[i]);
    }
    return element(OID, out.toByteArray());
  }

  private static void base128(ByteArrayOutputStream out, long value) {
    int groups = Math.max(1, (64 - Long.numberOfLeadingZeros(value) + 6) / 7);
    for (int i = groups - 1; i >= 0; i--) {
      out.write((int) (value >>> 7 * i & 0x7F) | (i == 0 ? 0 : 0x80));
    }
  }

  private static byte[] unsigned(BigInteger value) {
    var bytes = value.toByteArray();
    return bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
