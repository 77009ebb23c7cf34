package dev.islet.web.transport;

import dev.islet.web.wire.HeadLimits;
import java.time.Duration;

/**
 * How much patience and room one client gets.
 *
 * @param connections in all
 * @param perClient from one address
 * @param head how long a head, or the TLS handshake before it, may take to arrive
 * @param idle how long a connection may rest between requests, or stand still within one
 * @param tunnel how long a WebSocket may rest
 * @param minRate bytes a second that content must arrive with after the first twenty seconds
 * @param handlerBody bytes of content that are gathered for a handler
 * @param streams requests at the same time on one HTTP/2 connection
 */
public record ConnectionLimits(
    HeadLimits message,
    int connections,
    int perClient,
    Duration head,
    Duration idle,
    Duration tunnel,
    long minRate,
    long handlerBody,
    int streams) {}
