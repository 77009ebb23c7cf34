package dev.islet.dns.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The prefix behind which a translator shows the IPv4 Internet (RFC 6052).
 *
 * <pre>
 * length  0              32  40  48  56  64  72  80  88  96  104           128  (RFC 6052 section 2.2)
 *   32    prefix          v4(32)         u   suffix
 *   40    prefix              v4(24)     u   (8) suffix
 *   48    prefix                  v4(16) u   (16)    suffix
 *   56    prefix                      (8)u   v4(24)      suffix
 *   64    prefix                         u   v4(32)          suffix
 *   96    prefix                                     v4(32)
 * </pre>
 *
 * The octet u, bits 64 to 71, and the suffix are zero.
 */
public final class TranslationPrefix {
  private static final Set<Integer> LENGTHS = Set.of(32, 40, 48, 56, 64, 96);
  private static final Ipv6Network WELL_KNOWN = Ipv6Network.parse("64:ff9b::/96");
  private static final int U = 8;

  private final Ipv6Network network;

  private TranslationPrefix(Ipv6Network network) {
    this.network = network;
  }

  /**
   * Reads {@code 64:ff9b::/96}.
   *
   * @throws IllegalArgumentException if it is no network, or none that can hold an IPv4 address
   */
  public static TranslationPrefix parse(String text) {
    var network = Ipv6Network.parse(text);
    if (!LENGTHS.contains(network.length())) {
      throw new IllegalArgumentException(
          "/" + network.length() + " is not one of /32 /40 /48 /56 /64 /96 (RFC 6052)");
    }
    if (network.bits()[U] != 0) {
      throw new IllegalArgumentException("bits 64 to 71 of " + text + " are not 0 (RFC 6052)");
    }
    return new TranslationPrefix(network);
  }

  /** Whether it is 64:ff9b::/96, behind which only global addresses may be (section 3.1). */
  boolean isWellKnown() {
    return network.length() == WELL_KNOWN.length() && WELL_KNOWN.contains(network.bits());
  }

  /** The IPv6 address of 16 bytes that stands for an IPv4 address of 4. */
  byte[] embed(byte[] four) {
    var six = network.bits();
    int at = network.length() / 8;
    for (byte each : four) {
      at += at == U ? 1 : 0;
      six[at++] = each;
    }
    return six;
  }

  /** The IPv4 address that an IPv6 address stands for, if it does. */
  Optional<byte[]> extract(byte[] six) {
    var four = new byte[4];
    int at = network.length() / 8;
    for (int i = 0; i < four.length; i++) {
      at += at == U ? 1 : 0;
      four[i] = six[at++];
    }
    return Arrays.equals(embed(four), six) ? Optional.of(four) : Optional.empty();
  }
}
