package dev.islet.web.route;

import java.util.Optional;

/**
 * What lies at a path, with the compressed copies that lie beside it.
 *
 * @param brotli the same content in a file with {@code .br} behind its name, not older than it
 * @param gzip the same with {@code .gz}
 */
public record Resource(Entry entry, Optional<Entry> brotli, Optional<Entry> gzip) {}
