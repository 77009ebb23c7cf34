package dev.islet.dhcp.model;

import java.net.InetAddress;

/** An address of either family. */
public sealed interface Ip permits Ip4, Ip6 {
  /** Its bytes in the order of the wire. */
  byte[] toBytes();

  /** The same address for sockets. */
  InetAddress toInet();
}
