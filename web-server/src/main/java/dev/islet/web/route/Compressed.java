package dev.islet.web.route;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Small text files compressed once and kept, within a bound of memory; the least recently used make
 * room. A file that has changed is another entry, since its size or time differs.
 */
public final class Compressed {
  /** Smaller ones do not shrink by a packet. */
  static final long SMALLEST = 512;

  /** Larger ones should lie beside the file as {@code .gz}, made once. */
  static final long LARGEST = 1 << 20;

  private static final long BOUND = 8 << 20;

  private final Map<Entry, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** Whether a file of this type and size is compressed on the way. */
  static boolean suits(Entry file, String type) {
    return file.size() >= SMALLEST && file.size() <= LARGEST && MediaTypes.compresses(type);
  }

  /** The compressed content, if it has been made. */
  public synchronized Optional<byte[]> known(Entry file) {
    return Optional.ofNullable(kept.get(file));
  }

  /** The compressed content, made if need be. */
  byte[] of(Entry file, Tree tree) throws IOException {
    var known = known(file);
    if (known.isPresent()) {
      return known.get();
    }
    var plain = tree.read(file);
    var out = new ByteArrayOutputStream(plain.length / 3 + 64);
    try (var gzip = new Gzip(out)) {
      gzip.write(plain);
    }
    var made = out.toByteArray();
    keep(file, made);
    return made;
  }

  private synchronized void keep(Entry file, byte[] made) {
    var before = kept.put(file, made);
    bytes += made.length - (before == null ? 0 : before.length);
    var eldest = kept.entrySet().iterator();
    while (bytes > BOUND && eldest.hasNext()) {
      bytes -= eldest.next().getValue().length;
      eldest.remove();
    }
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.DEFAULT_COMPRESSION);
    }
  }
}
