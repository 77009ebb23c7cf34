package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Question;
import java.net.InetSocketAddress;

/**
 * A query to be sent.
 *
 * @param about the question it serves, for the trace
 * @param question what is asked of this server, which may be less than that (RFC 9156)
 * @param attempt from 1, for the trace
 * @param deadline when it counts as silent
 */
record Asking(
    CacheKey about,
    Question question,
    InetSocketAddress server,
    Form form,
    int attempt,
    long deadline) {}
