package dev.islet.dns.transport;

import java.time.Duration;

/**
 * What connections may cost (RFC 7766 section 6.2, RFC 9210 section 4).
 *
 * @param connections open at a time
 * @param perClient open at a time from one address
 * @param pipeline questions of one connection under way at a time
 * @param idle time without a whole question after which a connection is closed
 * @param write time that a reply may take to be taken over by the other side
 */
public record TcpLimits(
    int connections, int perClient, int pipeline, Duration idle, Duration write) {}
