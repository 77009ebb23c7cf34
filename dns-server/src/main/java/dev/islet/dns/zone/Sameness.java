package dev.islet.dns.zone;

import dev.islet.dns.wire.WireName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * When the data of two records of one type is the same: octet by octet, but for the letters of
 * names in it, whose case does not count (RFC 2181 section 5, 4034 section 6.2).
 */
final class Sameness {
  private Sameness() {}

  /** Whether two pieces of data of equal length are the same. */
  static boolean same(int type, byte[] a, int at, byte[] b, int bt, int length) {
    if (Arrays.equals(a, at, at + length, b, bt, bt + length)) {
      return true;
    }
    if (isPlain(type) || !WireName.same(a, at, b, bt, length)) {
      return false;
    }
    var canonical = canonical(type, a, at, length);
    return canonical != null && Arrays.equals(canonical, canonical(type, b, bt, length));
  }

  /** Equal for what is the same. */
  static int hash(int type, byte[] data, int at, int length) {
    var canonical = isPlain(type) ? null : canonical(type, data, at, length);
    int hash = 1;
    if (canonical == null) {
      for (int i = at; i < at + length; i++) {
        hash = hash * 31 + data[i];
      }
    } else {
      for (byte octet : canonical) {
        hash = hash * 31 + octet;
      }
    }
    return (hash ^ hash >>> 15) * 0x9E37_79B9;
  }

  /** Whether data of a type surely has no names in it. */
  private static boolean isPlain(int type) {
    return switch (type) {
      case Type.A,
          Type.AAAA,
          Type.TXT,
          Type.DS,
          Type.CDS,
          Type.DNSKEY,
          Type.CDNSKEY,
          Type.NSEC3,
          Type.TLSA,
          Type.SSHFP,
          Type.CAA ->
          true;
      default -> false;
    };
  }

  /** Only dnsjava knows of every type where it has names; null if it cannot read the data. */
  private static byte @Nullable [] canonical(int type, byte[] data, int at, int length) {
    var bytes = Arrays.copyOfRange(data, at, at + length);
    var record = Record.newRecord(Name.root, type, DClass.IN, 0, bytes);
    return record == null ? null : record.rdataToWireCanonical();
  }
}
