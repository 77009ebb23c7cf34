package dev.islet.dns.filter;

import dev.islet.core.net.MacAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param card the hardware address, if it is known
 * @param group name of the group that the asker is in; empty for none
 */
record Asker(InetAddress address, Optional<MacAddress> card, String group) {}
