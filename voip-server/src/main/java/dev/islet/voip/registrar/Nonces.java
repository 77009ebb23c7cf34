package dev.islet.voip.registrar;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes nonces that need not be remembered, and knows them again.
 *
 * <p>A nonce is its time, 64 random bits, and the first 128 bits of an HMAC-SHA-256 over both and
 * the address it was given to. Only of nonces that were used with right credentials the last count
 * is kept, to refuse replays; when that table is full the oldest goes, and every nonce as old as it
 * counts as out of time, so that forgetting never opens a hole.
 */
final class Nonces {
  private static final int SUM = 16;
  private static final int REMEMBERED = 20_000;

  /** What a presented nonce is. */
  enum Standing {
    FRESH,
    /** Made here for this address, but its time is up. */
    STALE,
    /** Not made here, or for another address. */
    FOREIGN
  }

  private final Mac mac;
  private final RandomGenerator random;
  private final long life;
  private long floor;
  private final LinkedHashMap<String, Long> counts = new LinkedHashMap<>();

  /**
   * @param begun nonces older than this moment are stale: their counts were lost
   */
  Nonces(byte[] key, RandomGenerator random, long life, long begun) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
    this.random = random;
    this.life = life;
    this.floor = begun;
  }

  String make(long now, InetAddress forWhom) {
    var bytes = new byte[16 + SUM];
    ByteBuffer.wrap(bytes).putLong(now).putLong(random.nextLong());
    System.arraycopy(sum(bytes, forWhom), 0, bytes, 16, SUM);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  Standing standing(long now, String nonce, InetAddress presentedBy) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return Standing.FOREIGN;
    }
    if (bytes.length != 16 + SUM
        || !MessageDigest.isEqual(
            sum(bytes, presentedBy), Arrays.copyOfRange(bytes, 16, 16 + SUM))) {
      return Standing.FOREIGN;
    }
    long made = ByteBuffer.wrap(bytes).getLong();
    return made >= floor && made <= now && now - made < life ? Standing.FRESH : Standing.STALE;
  }

  /** Takes note of a count used with right credentials; false if it is not above the last one. */
  boolean count(String nonce, long count) {
    var last = counts.get(nonce);
    if (last != null && count <= last) {
      return false;
    }
    counts.put(nonce, count);
    if (counts.size() > REMEMBERED) {
      var oldest = counts.keySet().iterator().next();
      counts.remove(oldest);
      floor = Math.max(floor, ByteBuffer.wrap(Base64.getUrlDecoder().decode(oldest)).getLong() + 1);
    }
    return true;
  }

  private byte[] sum(byte[] bytes, InetAddress address) {
    mac.update(bytes, 0, 16);
    return Arrays.copyOf(mac.doFinal(address.getAddress()), SUM);
  }
}
