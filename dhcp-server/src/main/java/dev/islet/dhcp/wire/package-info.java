/**
 * Bytes to records and back.
 *
 * <p>A packet's way: {@link dev.islet.dhcp.wire.Decoder} reads a datagram into a {@link
 * dev.islet.dhcp.wire.Message}, or says at which offset it is none; {@link
 * dev.islet.dhcp.wire.Encoder} writes the reply, in the client's order and size; {@link
 * dev.islet.dhcp.wire.UdpFrame} wraps it for a client without an address; {@link
 * dev.islet.dhcp.wire.Explain} names every field for people.
 */
@NullMarked
package dev.islet.dhcp.wire;

import org.jspecify.annotations.NullMarked;
