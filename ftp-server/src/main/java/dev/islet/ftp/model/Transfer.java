package dev.islet.ftp.model;

import java.time.Duration;
import java.time.Instant;

/**
 * A finished transfer of one file, for the transfer log.
 *
 * @param peer whose it was
 * @param file the path in the account's home, beginning with a slash
 * @param incoming true for an upload
 * @param bytes how many crossed the data connection
 * @param ended wall-clock time of its end
 * @param took how long it lasted
 * @param ascii whether line ends were converted (TYPE A)
 * @param complete false if it was broken off
 * @param reply the code the client was told
 */
public record Transfer(
    Peer peer,
    String file,
    boolean incoming,
    long bytes,
    Instant ended,
    Duration took,
    boolean ascii,
    boolean complete,
    int reply) {}
