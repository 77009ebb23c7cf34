package dev.islet.router.model;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;

/**
 * An address of this machine on one of its interfaces.
 *
 * @param index the interface's number
 * @param address the machine's own address
 * @param length of the network it lies in
 */
public record LinkAddress(int index, InetAddress address, int length) {
  /** The network it lies in. */
  public Prefix network() {
    return Prefix.of(address, length);
  }
}
