package dev.islet.core.trace;

import java.net.InetSocketAddress;

/**
 * Bytes as they crossed the wire, above the named transport.
 *
 * @param transport what carried the payload; capture files get headers for it made up from the
 *     addresses
 * @param source who sent it
 * @param destination who was to get it
 * @param payload what was sent, not copied: do not change it afterwards
 */
public record Packet(
    Transport transport, InetSocketAddress source, InetSocketAddress destination, byte[] payload) {
  /** What carries a payload. */
  public enum Transport {
    UDP,
    TCP,
    /** The payload begins with an IP header. */
    IP
  }
}
