package dev.islet.dns.policy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Server cookies (RFC 7873) in the form that servers of different makes share (RFC 9018): who shows
 * one that we gave to its address has received a message there, so the address is not forged.
 *
 * <pre>
 *  version 1 | reserved 3 zeros | seconds 4 | SipHash-2-4 8 (of client cookie, these, address)
 * </pre>
 *
 * <p>The two words of a cookie are passed as longs in network order, so that nothing is allocated.
 * Safe for many threads.
 */
public final class Cookies {
  /** Bytes of a secret. */
  public static final int SECRET = 16;

  /** Seconds that a cookie is good for, and how far its clock may be ahead (section 4.3). */
  private static final int LIFE = 3_600;

  private static final int AHEAD = 300;

  /** Seconds after which a good cookie is replaced by a new one. */
  private static final int FRESH = 1_800;

  /** Seconds after which a secret of our own making is replaced; the last one is good as long. */
  private static final long ROLL = 86_400;

  private final RandomGenerator random;
  private volatile Jar jar;

  /** Secrets, the one that makes cookies first; {@code born} in seconds, never if configured. */
  private record Jar(long[] secrets, long born, boolean ours) {}

  /**
   * @param secrets of 16 bytes each: the first makes cookies, all are good; without any, random
   *     ones that change each day
   * @param seconds since the epoch
   */
  public Cookies(List<byte[]> secrets, RandomGenerator random, long seconds) {
    this.random = random;
    this.jar = jar(secrets, random, seconds);
  }

  /** From now on these secrets count; see the constructor. Secrets of our own making stay. */
  public void secrets(List<byte[]> secrets, long seconds) {
    if (!secrets.isEmpty() || !jar.ours) {
      jar = jar(secrets, random, seconds);
    }
  }

  private static Jar jar(List<byte[]> secrets, RandomGenerator random, long seconds) {
    if (secrets.isEmpty()) {
      return new Jar(new long[] {random.nextLong(), random.nextLong()}, seconds, true);
    }
    var words = new long[2 * secrets.size()];
    for (int i = 0; i < secrets.size(); i++) {
      var bytes = ByteBuffer.wrap(secrets.get(i)).order(ByteOrder.LITTLE_ENDIAN);
      words[2 * i] = bytes.getLong(0);
      words[2 * i + 1] = bytes.getLong(8);
    }
    return new Jar(words, seconds, false);
  }

  /** The first word of a cookie made now. */
  public static long head(long seconds) {
    return 1L << 56 | seconds & 0xFFFF_FFFFL;
  }

  /** The second word of a cookie made now. */
  public long hash(long client, long head, byte[] address, int length, long seconds) {
    return hash(current(seconds).secrets, 0, client, head, address, length);
  }

  /**
   * Whether we, or a server that shares our secrets, made this cookie for this address and not long
   * ago (RFC 9018 section 4.3).
   *
   * @param length bytes of the address, 4 or 16
   */
  public boolean proven(
      long client, long head, long hash, byte[] address, int length, long seconds) {
    int age = age(head, seconds);
    if (head >>> 56 != 1 || age > LIFE || age < -AHEAD) {
      return false;
    }
    var secrets = current(seconds).secrets;
    for (int i = 0; i < secrets.length; i += 2) {
      if (hash(secrets, i, client, head, address, length) == hash) {
        return true;
      }
    }
    return false;
  }

  /** Whether a proven cookie may be given back as it is. */
  public static boolean fresh(long head, long seconds) {
    int age = age(head, seconds);
    return age >= 0 && age < FRESH;
  }

  /** By serial arithmetic (RFC 1982), since the 32 bits come round in 2106. */
  private static int age(long head, long seconds) {
    return (int) seconds - (int) head;
  }

  private Jar current(long seconds) {
    var now = jar;
    if (now.ours && Math.abs(seconds - now.born) > ROLL) {
      synchronized (this) {
        now = jar;
        if (now.ours && Math.abs(seconds - now.born) > ROLL) {
          var last = now.secrets;
          now =
              new Jar(
                  new long[] {random.nextLong(), random.nextLong(), last[0], last[1]},
                  seconds,
                  true);
          jar = now;
        }
      }
    }
    return now;
  }

  private static long hash(
      long[] secrets, int at, long client, long head, byte[] address, int length) {
    return Long.reverseBytes(
        SipHash.of(
            secrets[at],
            secrets[at + 1],
            Long.reverseBytes(client),
            Long.reverseBytes(head),
            address,
            length));
  }
}
