/**
 * Encrypted ways to upstream servers. {@link dev.islet.dns.transport.upstream.SecureUpstreams}
 * keeps a {@code Line} to each server: one connection, opened by the first question, shared by all
 * that follow, opened again when it was lost. What is spoken on it is a {@code Talk}: {@code
 * DotTalk} (RFC 7858) or {@code DohTalk} (RFC 8484). A server that cannot show its certificate is
 * not asked; nothing here ever sends in the clear. All of it happens on one event loop.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.transport.upstream;
