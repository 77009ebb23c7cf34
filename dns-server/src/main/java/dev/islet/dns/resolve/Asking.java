package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Question;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A query to be sent.
 *
 * @param about the question it serves, for the trace
 * @param question what is asked of this server, which may be less than that (RFC 9156)
 * @param cookie ours and perhaps the server's (RFC 7873); none if empty, or without EDNS
 * @param protection how the server is reached if not in the clear; {@code form} is a stream then
 * @param attempt from 1, for the trace
 * @param deadline when it counts as silent
 */
record Asking(
    CacheKey about,
    Question question,
    InetSocketAddress server,
    Form form,
    byte[] cookie,
    Optional<Protection> protection,
    int attempt,
    long deadline) {
  /** Bytes of our own part of a cookie. */
  static final int CLIENT_COOKIE = 8;

  /** In the clear. */
  Asking(
      CacheKey about,
      Question question,
      InetSocketAddress server,
      Form form,
      byte[] cookie,
      int attempt,
      long deadline) {
    this(about, question, server, form, cookie, Optional.empty(), attempt, deadline);
  }

  /** Whether the server has given us a cookie, so that its replies must have one. */
  boolean expectsCookie() {
    return form.edns() && cookie.length > CLIENT_COOKIE;
  }
}
