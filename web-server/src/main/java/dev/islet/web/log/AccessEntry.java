package dev.islet.web.log;

import java.time.Instant;

/**
 * One answered request, as logs tell it.
 *
 * @param id counts the requests of this server
 * @param at when the request's head was complete
 * @param client address without port
 * @param target path and query as sent
 * @param bytes of content sent
 * @param micros from the complete head to the end of the answer, in microseconds
 * @param referer the Referer field; empty if there was none
 * @param agent the User-Agent field; empty if there was none
 * @param by what answered
 */
public record AccessEntry(
    long id,
    Instant at,
    String client,
    String site,
    String host,
    String method,
    String target,
    String protocol,
    int status,
    long bytes,
    long micros,
    String referer,
    String agent,
    String by) {}
