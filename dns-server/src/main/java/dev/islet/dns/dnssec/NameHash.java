package dev.islet.dns.dnssec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSEC3PARAMRecord;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.utils.base32;

/**
 * The hash that NSEC3 records name names by (RFC 5155 section 5): SHA-1, the only one there is.
 *
 * @param iterations further ones; 0 in zones that we sign
 * @param salt none in zones that we sign
 */
record NameHash(int iterations, byte[] salt) {
  /** What RFC 9276 section 3.1 asks for. */
  static final NameHash PLAIN = new NameHash(0, new byte[0]);

  private static final int SHA1 = 1;

  static NameHash of(NSEC3PARAMRecord param) {
    return new NameHash(
        param.getIterations(), param.getSalt() == null ? new byte[0] : param.getSalt());
  }

  /** The hash of a name in lower case. */
  byte[] of(Name name) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      digest.update(name.toWireCanonical());
      digest.update(salt);
      var hash = digest.digest();
      for (int i = 0; i < iterations; i++) {
        digest.update(hash);
        digest.update(salt);
        hash = digest.digest();
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The owner of the NSEC3 record of a name. */
  Name owner(Name name, Name origin) {
    return owner(of(name), origin);
  }

  static Name owner(byte[] hash, Name origin) {
    try {
      return Name.concatenate(Name.fromString(text(hash)), origin);
    } catch (TextParseException | NameTooLongException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(byte[] hash) {
    return new base32(base32.Alphabet.BASE32HEX, false, true).toString(hash);
  }

  /** The hash that a record's owner has in its first label. */
  static byte[] hash(Name owner) {
    var label = owner.getLabel(0);
    var text =
        new String(
            Arrays.copyOfRange(label, 1, label.length), java.nio.charset.StandardCharsets.US_ASCII);
    return new base32(base32.Alphabet.BASE32HEX, false, true).fromString(text);
  }

  NSEC3PARAMRecord param(Name origin) {
    return new NSEC3PARAMRecord(
        origin, DClass.IN, 0, SHA1, 0, iterations, salt.length == 0 ? null : salt);
  }

  NSEC3Record record(Name owner, long ttl, Name next, int[] types) {
    return new NSEC3Record(
        owner,
        DClass.IN,
        ttl,
        SHA1,
        0,
        iterations,
        salt.length == 0 ? null : salt,
        hash(next),
        types);
  }
}
