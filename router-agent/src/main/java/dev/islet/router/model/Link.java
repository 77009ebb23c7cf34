package dev.islet.router.model;

import dev.islet.core.net.MacAddress;

/**
 * An interface without its addresses.
 *
 * @param index the kernel's number for it; a new one each time the interface is made anew
 * @param name like {@code eth0}
 * @param up administratively up and with carrier: packets can leave
 * @param mtu largest IP packet, in bytes
 * @param mac link-layer address; zero where it has none
 */
public record Link(int index, String name, boolean up, int mtu, MacAddress mac) {}
