package dev.islet.dns.transfer;

import java.time.Duration;

/**
 * What a primary may cost us with one transfer.
 *
 * @param bytes of all messages
 * @param records in all messages
 * @param time from connecting to the last message
 */
public record TransferLimits(long bytes, int records, Duration time) {}
