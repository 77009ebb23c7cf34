package dev.islet.router.rip.wire;

import dev.islet.core.net.Prefix;

/**
 * A route entry (RTE) as it lies on the wire, RFC 2453 section 4:
 *
 * <pre>
 *  0                   1                   2                   3
 * +-------------------------------+-------------------------------+
 * | address family (2 = IPv4)     | route tag                     |
 * +-------------------------------+-------------------------------+
 * | IPv4 address                                                  |
 * +---------------------------------------------------------------+
 * | subnet mask                                                   |
 * +---------------------------------------------------------------+
 * | next hop                                                      |
 * +---------------------------------------------------------------+
 * | metric (1 to 16)                                              |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @param family 2 for IPv4, 0 in a request for everything
 * @param tag route tag; must be zero in version 1
 * @param address the network, as 32 bits
 * @param mask its mask; zero where none was given
 * @param nextHop where to forward to, zero for the sender
 * @param metric hops, 16 for unreachable; unsigned
 */
public record RipEntry(int family, int tag, int address, int mask, int nextHop, int metric) {
  /** The length of an entry in bytes. */
  public static final int BYTES = 20;

  /** The address family of IPv4. */
  public static final int IPV4 = 2;

  /** The family value that marks an authentication entry. */
  public static final int AUTH = 0xFFFF;

  /** Unreachable. */
  public static final int INFINITY = 16;

  /** The single entry of a request for the whole table (section 3.9.1). */
  public static final RipEntry EVERYTHING = new RipEntry(0, 0, 0, 0, 0, INFINITY);

  /** An entry for a prefix. */
  public static RipEntry of(Prefix prefix, int tag, int nextHop, int metric) {
    return new RipEntry(
        IPV4, tag, Ipv4.bits(prefix.address()), Ipv4.mask(prefix.length()), nextHop, metric);
  }
}
