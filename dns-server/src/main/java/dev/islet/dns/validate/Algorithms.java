package dev.islet.dns.validate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC.Algorithm;
import org.xbill.DNS.DSRecord;

/**
 * What can be checked here. All else is as if it were not signed (RFC 4035 section 5.2), SHA-1
 * signatures as well (RFC 9905 section 2).
 */
final class Algorithms {
  private static final int ZONE_KEY = 0x0100;
  private static final int REVOKED = 0x0080;
  private static final int PROTOCOL = 3;

  /** RFC 3110 section 2; larger ones cost more than any zone is worth. */
  private static final int MAX_MODULUS = 512;

  private static final int MAX_EXPONENT = 8;

  private Algorithms() {}

  static boolean supports(int algorithm) {
    return switch (algorithm) {
      case Algorithm.RSASHA256,
          Algorithm.RSASHA512,
          Algorithm.ECDSAP256SHA256,
          Algorithm.ECDSAP384SHA384,
          Algorithm.ED25519,
          Algorithm.ED448 ->
          true;
      default -> false;
    };
  }

  /** The name of the Java cryptography architecture, of a supported algorithm. */
  static String signature(int algorithm) {
    return switch (algorithm) {
      case Algorithm.RSASHA256 -> "SHA256withRSA";
      case Algorithm.RSASHA512 -> "SHA512withRSA";
      case Algorithm.ECDSAP256SHA256 -> "SHA256withECDSAinP1363Format";
      case Algorithm.ECDSAP384SHA384 -> "SHA384withECDSAinP1363Format";
      case Algorithm.ED25519 -> "Ed25519";
      case Algorithm.ED448 -> "Ed448";
      default -> throw new IllegalArgumentException("algorithm " + algorithm);
    };
  }

  static boolean supportsDigest(int digest) {
    return digest == DSRecord.Digest.SHA256 || digest == DSRecord.Digest.SHA384;
  }

  /** A supported digest of data. */
  static byte[] digest(int digest, byte[] data) {
    try {
      var name = digest == DSRecord.Digest.SHA384 ? "SHA-384" : "SHA-256";
      return MessageDigest.getInstance(name).digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has both
    }
  }

  /** A key of a zone (RFC 4034 section 2.1) that is in force (RFC 5011) and can be used here. */
  static boolean usable(DNSKEYRecord key) {
    if ((key.getFlags() & ZONE_KEY) == 0
        || (key.getFlags() & REVOKED) != 0
        || key.getProtocol() != PROTOCOL) {
      return false;
    }
    int length = key.getKey().length;
    return switch (key.getAlgorithm()) {
      case Algorithm.RSASHA256, Algorithm.RSASHA512 -> rsa(key.getKey());
      case Algorithm.ECDSAP256SHA256 -> length == 64;
      case Algorithm.ECDSAP384SHA384 -> length == 96;
      case Algorithm.ED25519 -> length == 32;
      case Algorithm.ED448 -> length == 57;
      default -> false;
    };
  }

  /** Exponent and modulus of sizes that are checked in reasonable time. */
  private static boolean rsa(byte[] key) {
    if (key.length < 3) {
      return false;
    }
    int exponent = key[0] & 0xFF;
    int head = 1;
    if (exponent == 0) {
      exponent = (key[1] & 0xFF) << 8 | key[2] & 0xFF;
      head = 3;
    }
    int modulus = key.length - head - exponent;
    return exponent >= 1 && exponent <= MAX_EXPONENT && modulus >= 64 && modulus <= MAX_MODULUS;
  }
}
