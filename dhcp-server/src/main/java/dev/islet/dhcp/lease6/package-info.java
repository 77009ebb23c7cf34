/**
 * DHCPv6 (RFC 8415): what every message of a client deserves, and which addresses and prefixes it
 * has. Pure: messages in, records and replies out, time handed in.
 *
 * <p>A Solicit is answered from {@link dev.islet.dhcp.lease6.Network6} and {@link
 * dev.islet.dhcp.lease6.Bindings} without a change; the Request that follows makes a binding, whose
 * record leaves before the Reply does; the Reply waits for the name in DNS, if the client has one.
 */
@NullMarked
package dev.islet.dhcp.lease6;

import org.jspecify.annotations.NullMarked;
