/**
 * DNS inside TLS and QUIC. {@link dev.islet.dns.transport.secure.SecureFronts} listens; a
 * connection is let in, finishes its handshake in time, and then speaks what ALPN agreed on: frames
 * of DNS ({@code DotSpeech}, RFC 7858), HTTP/1.1 ({@code DohOverOne}) or HTTP/2 ({@code
 * DohOverTwo}, RFC 8484). Over QUIC ({@code QuicFront}) each question has a stream of its own
 * ({@code DoqSpeech}, RFC 9250). Each hands whole messages to its {@code Visit}, which asks the
 * gate as the plain transports do. Everything of a connection happens on its one event loop.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.transport.secure;
