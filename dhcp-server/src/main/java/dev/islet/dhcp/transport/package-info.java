/**
 * Sockets.
 *
 * <p>A packet's way: {@link dev.islet.dhcp.transport.LinkSocket} hears it on port 67 and later
 * sends the reply, as a datagram or as a frame; before an ACK leaves, {@link
 * dev.islet.dhcp.transport.NameRegistrar} has put the client's name into DNS by a signed update.
 */
@NullMarked
package dev.islet.dhcp.transport;

import org.jspecify.annotations.NullMarked;
