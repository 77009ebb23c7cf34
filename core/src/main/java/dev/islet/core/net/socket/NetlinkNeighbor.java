package dev.islet.core.net.socket;

import dev.islet.core.net.MacAddress;
import java.net.InetAddress;

/**
 * A machine on the same link whose link-layer address the kernel knows, by ARP (RFC 826) or
 * neighbour discovery (RFC 4861).
 *
 * @param nic the interface's index
 * @param address the neighbour's address
 * @param mac its link-layer address
 */
public record NetlinkNeighbor(int nic, InetAddress address, MacAddress mac) {}
