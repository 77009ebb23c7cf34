package dev.islet.voip.transport.sip;

import java.time.Duration;

/**
 * Bounds of TCP and TLS connections.
 *
 * @param connections in all
 * @param perAddress from one address
 * @param idle after which a connection without traffic is closed
 * @param message how long a message may take to arrive
 * @param maxMessage bytes of the longest message taken
 */
public record StreamLimits(
    int connections, int perAddress, Duration idle, Duration message, int maxMessage) {}
