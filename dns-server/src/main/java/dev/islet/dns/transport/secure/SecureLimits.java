package dev.islet.dns.transport.secure;

import dev.islet.dns.transport.TcpLimits;
import java.time.Duration;

/**
 * What encrypted connections may cost.
 *
 * @param tcp limits of all of them together, as for connections without TLS
 * @param handshake time from the connection to the end of its TLS handshake
 */
public record SecureLimits(TcpLimits tcp, Duration handshake) {}
