package dev.islet.core.net.socket;

import dev.islet.core.net.MacAddress;

/**
 * A network interface as rtnetlink tells of it.
 *
 * @param index the kernel's number for it
 * @param name like {@code eth0}
 * @param up administratively up
 * @param carrier up and with a working link: packets can leave
 * @param loopback whether it leads back to this machine
 * @param mtu largest IP packet, in bytes
 * @param mac link-layer address; zero where it has none of six bytes
 */
public record NetlinkLink(
    int index,
    String name,
    boolean up,
    boolean carrier,
    boolean loopback,
    int mtu,
    MacAddress mac) {}
