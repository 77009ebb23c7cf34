/**
 * Sockets. {@link dev.islet.dns.transport.UdpFront} takes datagrams in batches and answers most of
 * them in the same batch; {@link dev.islet.dns.transport.TcpFront} reads many questions from one
 * connection and answers each when it is ready (RFC 7766). {@link
 * dev.islet.dns.transport.UpstreamPort} is the other side: one fresh port for each datagram that
 * goes to an upstream server. None of them decides anything.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.transport;
