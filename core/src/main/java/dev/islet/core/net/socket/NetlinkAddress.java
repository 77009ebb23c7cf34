package dev.islet.core.net.socket;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;

/**
 * An address of an interface as rtnetlink tells of it.
 *
 * @param nic the interface's index
 * @param address this machine's own address
 * @param network the network it lies in; on a point-to-point link that of the peer
 */
public record NetlinkAddress(int nic, InetAddress address, Prefix network) {}
