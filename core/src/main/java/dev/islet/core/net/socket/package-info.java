/**
 * Sockets, through the C library on Linux (JEP 454) and the JDK elsewhere; the only native code.
 *
 * <p>A question arrives by {@code recvmmsg(2)} in a slot of a {@link
 * dev.islet.core.net.socket.DatagramBatch}, with the address that was asked and the interface it
 * came by. The service writes the answer over it, and {@code sendmmsg(2)} lets it leave from the
 * address that was asked. A machine without an address is reached by {@link
 * dev.islet.core.net.socket.PacketSocket}, a routing neighbour by {@link
 * dev.islet.core.net.socket.RawIpSocket}, the routing table by {@link
 * dev.islet.core.net.socket.Netlink}.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.net.socket;
