package dev.islet.web.route;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A folder of files to be shown to the world. Hidden names, and links that lead out of it, are not
 * there.
 */
public interface Tree {
  /** What lies at the end of these names; empty if nothing does that may be shown. */
  Optional<Resource> find(List<String> segments);

  /** Whether {@link #find} would answer at once, without asking the disk. */
  boolean isWarm(List<String> segments);

  /** What may be shown of a folder, sorted by name, folders first. */
  List<Entry> list(Entry folder) throws IOException;

  /** The whole content of a small file. */
  byte[] read(Entry file) throws IOException;

  /** The content, if it is in memory already. */
  Optional<byte[]> inMemory(Entry file);
}
