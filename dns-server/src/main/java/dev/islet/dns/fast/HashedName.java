package dev.islet.dns.fast;

import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Node;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes the owners of NSEC3 records (RFC 5155 section 5) in place; {@code dnssec.NameHash} without
 * objects. Serves one thread.
 */
final class HashedName {
  private static final int DIGEST = 20;
  private static final int TEXT = 32;
  private static final byte[] DIGITS =
      "0123456789abcdefghijklmnopqrstuv".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final MessageDigest sha1;
  private final byte[] digest = new byte[DIGEST];

  /** Longer than any name, so that a hash below a long one is only never found. */
  private final byte[] owner = new byte[1 + TEXT + WireName.MAX];

  private byte[] apex = digest;
  private int salt;
  private int saltLength;
  private int iterations;

  HashedName() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * From here on names of this zone.
   *
   * @param param where its NSEC3PARAM set begins, whose first record counts
   */
  void under(byte[] top, int param) {
    int data = param + Node.SET_HEAD + 2;
    apex = top;
    iterations = (top[data + 2] & 0xFF) << 8 | top[data + 3] & 0xFF;
    saltLength = top[data + 4] & 0xFF;
    salt = data + 5;
  }

  /** Where {@link #of} leaves its result. */
  byte[] owner() {
    return owner;
  }

  /** Makes the owner of the NSEC3 record of a name in lower case; how many octets it has. */
  int of(byte[] name, int from, int length) {
    try {
      sha1.update(name, from, length);
      for (int i = 0; i <= iterations; i++) {
        if (i > 0) {
          sha1.update(digest, 0, DIGEST);
        }
        sha1.update(apex, salt, saltLength);
        sha1.digest(digest, 0, DIGEST);
      }
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    owner[0] = TEXT;
    for (int i = 0, to = 1; i < DIGEST; i += 5) {
      long group =
          (digest[i] & 0xFFL) << 32
              | (digest[i + 1] & 0xFFL) << 24
              | (digest[i + 2] & 0xFFL) << 16
              | (digest[i + 3] & 0xFFL) << 8
              | digest[i + 4] & 0xFFL;
      for (int shift = 35; shift >= 0; shift -= 5) {
        owner[to++] = DIGITS[(int) (group >>> shift) & 31];
      }
    }
    int above = Node.nameLength(apex);
    System.arraycopy(apex, Node.NAME, owner, 1 + TEXT, above);
    return 1 + TEXT + above;
  }
}
