package dev.islet.dhcp.wire;

import java.util.List;

/**
 * A message ready to be sent.
 *
 * @param bytes the payload of the datagram
 * @param dropped codes of options that did not fit, in the order they were given up
 */
public record Encoded(byte[] bytes, List<Integer> dropped) {
  public Encoded {
    dropped = List.copyOf(dropped);
  }
}
