package dev.islet.monitor.model;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A service that is watched.
 *
 * @param address of its admin endpoint
 * @param token to present there
 * @param kept the file with the token, where none is given
 */
public record Target(String name, InetSocketAddress address, Optional<String> token, Path kept) {}
