package dev.islet.web.store;

import dev.islet.core.time.TimeSource;
import dev.islet.web.route.Entry;
import dev.islet.web.route.Resource;
import dev.islet.web.route.Tree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A folder on disk. Links are followed as long as they stay within it; names that begin with a dot
 * are hidden, but for {@code .well-known} at the top (RFC 8615).
 *
 * <p>What was looked up is believed for a moment, and small files are kept in memory while they are
 * unchanged, both within bounds, so that a busy page costs no system call.
 */
public final class DiskTree implements Tree {
  /** Files up to this size may be kept in memory. */
  static final long SMALL = 64 << 10;

  private static final long MEMORY = 16 << 20;
  private static final int LOOKED_UP = 4096;

  private record Seen(long at, Resource resource) {}

  private final Path root;
  private final TimeSource time;
  private final long believe;
  private final Map<List<String>, Seen> seen = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Entry, byte[]> contents = new LinkedHashMap<>(16, 0.75f, true);
  private long held;

  /**
   * @param root need not exist yet
   * @param believe how long a look-up is believed; zero asks the disk each time
   */
  public DiskTree(Path root, TimeSource time, Duration believe) {
    this.root = root.toAbsolutePath().normalize();
    this.time = time;
    this.believe = believe.toNanos();
  }

  @Override
  public Optional<Resource> find(List<String> segments) {
    for (int i = 0; i < segments.size(); i++) {
      if (isHidden(segments.get(i), i == 0)) {
        return Optional.empty();
      }
    }
    var known = fresh(segments);
    if (known != null) {
      return Optional.of(known);
    }
    var found = look(segments);
    synchronized (this) {
      if (found.isPresent() && believe > 0) {
        seen.put(segments, new Seen(time.now(), found.get()));
        if (seen.size() > LOOKED_UP) {
          seen.remove(seen.keySet().iterator().next());
        }
      } else {
        seen.remove(segments);
      }
    }
    return found;
  }

  @Override
  public boolean isWarm(List<String> segments) {
    return fresh(segments) != null;
  }

  private synchronized @Nullable Resource fresh(List<String> segments) {
    var known = seen.get(segments);
    return known != null && time.now() - known.at() < believe ? known.resource() : null;
  }

  private Optional<Resource> look(List<String> segments) {
    var entry = entry(segments);
    if (entry.isEmpty() || entry.get().folder()) {
      return entry.map(e -> new Resource(e, Optional.empty(), Optional.empty()));
    }
    if (entry.get().size() <= SMALL && inMemory(entry.get()).isEmpty()) {
      try {
        keep(entry.get(), read(entry.get()));
      } catch (IOException e) {
        return Optional.empty(); // gone, or not ours to read
      }
    }
    return Optional.of(
        new Resource(
            entry.get(),
            beside(segments, ".br", entry.get()),
            beside(segments, ".gz", entry.get())));
  }

  private Optional<Entry> beside(List<String> segments, String ending, Entry original) {
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    var names = new ArrayList<>(segments);
    names.set(names.size() - 1, names.getLast() + ending);
    return entry(names).filter(e -> !e.folder() && e.modified() >= original.modified());
  }

  private Optional<Entry> entry(List<String> segments) {
    try {
      var path = root;
      for (var segment : segments) {
        path = path.resolve(segment);
      }
      var real = path.toRealPath();
      if (!real.startsWith(root.toRealPath())) {
        return Optional.empty();
      }
      return Optional.of(entry(real, segments.isEmpty() ? "" : segments.getLast()));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // not there, not readable, or no name of this file system
    }
  }

  private static Entry entry(Path real, String name) throws IOException {
    var attributes =
        Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile() && !attributes.isDirectory()) {
      throw new NoSuchFileException(real.toString(), null, "neither a file nor a folder");
    }
    return new Entry(
        name,
        attributes.isDirectory(),
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        inode(attributes.fileKey()),
        real);
  }

  /** On Linux the key reads {@code (dev=…,ino=…)}; elsewhere there may be none. */
  private static long inode(@Nullable Object fileKey) {
    var text = String.valueOf(fileKey);
    int at = text.indexOf("ino=");
    int end = text.indexOf(')', at);
    try {
      return at < 0 || end < 0 ? 0 : Long.parseLong(text.substring(at + 4, end));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public List<Entry> list(Entry folder) throws IOException {
    boolean top = folder.path().equals(root.toRealPath());
    var entries = new ArrayList<Entry>();
    try (var children = Files.newDirectoryStream(folder.path())) {
      for (var child : children) {
        var name = child.getFileName().toString();
        if (isHidden(name, top) || entries.size() >= 10_000) {
          continue;
        }
        try {
          var real = child.toRealPath();
          if (real.startsWith(root.toRealPath())) {
            entries.add(entry(real, name));
          }
        } catch (IOException e) {
          continue; // went away, or a link to nowhere
        }
      }
    }
    entries.sort(
        Comparator.comparing((Entry e) -> !e.folder())
            .thenComparing(Entry::name, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Entry::name));
    return entries;
  }

  @Override
  public byte[] read(Entry file) throws IOException {
    var known = inMemory(file);
    return known.isPresent() ? known.get() : Files.readAllBytes(file.path());
  }

  @Override
  public synchronized Optional<byte[]> inMemory(Entry file) {
    return Optional.ofNullable(contents.get(file));
  }

  /** Opens a file that was found; a link that has taken its place meanwhile is not followed. */
  public static FileChannel open(Entry file) throws IOException {
    return FileChannel.open(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private synchronized void keep(Entry file, byte[] bytes) {
    if (bytes.length != file.size()) {
      return; // written to meanwhile
    }
    var before = contents.put(file, bytes);
    held += bytes.length - (before == null ? 0 : before.length);
    var eldest = contents.entrySet().iterator();
    while (held > MEMORY && eldest.hasNext()) {
      held -= eldest.next().getValue().length;
      eldest.remove();
    }
  }

  private static boolean isHidden(String name, boolean top) {
    return name.startsWith(".") && !(top && name.equals(".well-known"));
  }
}
