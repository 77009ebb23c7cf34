package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;

/**
 * A DHCP message (RFC 2131 section 2).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+---------------+
 * |     op        |    htype      |    hlen       |    hops       |
 * +---------------+---------------+---------------+---------------+
 * |                              xid                              |
 * +-------------------------------+-------------------------------+
 * |             secs              |B|           flags             |
 * +-------------------------------+-------------------------------+
 * |                      ciaddr: the client has it                |
 * |                      yiaddr: the client gets it               |
 * |                      siaddr: the next boot server             |
 * |                      giaddr: the relay                        |
 * |                      chaddr, 16 bytes                         |
 * |                      sname, 64 bytes                          |
 * |                      file, 128 bytes                          |
 * |                      magic cookie 99.130.83.99, options       |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @param hardware {@code htype} and the first {@code hlen} bytes of {@code chaddr}
 * @param xid transaction id, chosen by the client
 * @param secs seconds since the client began
 * @param sname server name as text bytes, without padding; empty when it carried options
 * @param file boot file as text bytes, without padding; empty when it carried options
 */
public record Message(
    int op,
    HardwareAddress hardware,
    int hops,
    int xid,
    int secs,
    int flags,
    Ip4 ciaddr,
    Ip4 yiaddr,
    Ip4 siaddr,
    Ip4 giaddr,
    Octets sname,
    Octets file,
    Options options) {
  /** {@code op} of a client's message. */
  public static final int REQUEST = 1;

  /** {@code op} of a server's message. */
  public static final int REPLY = 2;

  /** The flag of a client that cannot receive unicast before it has an address. */
  public static final int BROADCAST = 0x8000;

  /** Bytes before the options, the magic cookie included. */
  public static final int HEADER = 240;

  /** Whether the client asks for replies to everybody. */
  public boolean wantsBroadcast() {
    return (flags & BROADCAST) != 0;
  }
}
