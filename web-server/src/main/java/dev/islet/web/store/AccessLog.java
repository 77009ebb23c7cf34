package dev.islet.web.store;

import dev.islet.web.log.AccessEntry;
import dev.islet.web.log.AccessFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes access logs on a thread of its own. A full queue or a full disk loses lines, counted, and
 * never delays an answer. Files are rotated by size: {@code access.log} becomes {@code
 * access.log.1} and so on.
 */
public final class AccessLog implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.web");
  private static final int WAITING = 8192;

  private final Path folder;
  private final List<AccessFormat> formats;
  private final long most;
  private final int keep;
  private final ArrayBlockingQueue<AccessEntry> queue = new ArrayBlockingQueue<>(WAITING);
  private final Map<AccessFormat, Open> open = new EnumMap<>(AccessFormat.class);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer;
  private volatile boolean closed;

  private static final class Open {
    private final OutputStream out;
    private long bytes;

    Open(OutputStream out, long bytes) {
      this.out = out;
      this.bytes = bytes;
    }
  }

  private AccessLog(Path folder, List<AccessFormat> formats, long most, int keep) {
    this.folder = folder;
    this.formats = List.copyOf(formats);
    this.most = most;
    this.keep = keep;
    this.writer = Thread.ofPlatform().name("web-access-log").daemon(true).unstarted(this::write);
  }

  /**
   * Opens the logs in a folder.
   *
   * @param most size in bytes at which a file is rotated
   * @param keep how many rotated files are kept
   */
  public static AccessLog open(Path folder, List<AccessFormat> formats, long most, int keep)
      throws IOException {
    Files.createDirectories(folder);
    var log = new AccessLog(folder, formats, most, keep);
    for (var format : log.formats) {
      log.open.put(format, log.open(log.file(format)));
    }
    log.writer.start();
    return log;
  }

  /** Hands in a line; never waits. */
  public void add(AccessEntry entry) {
    if (!queue.offer(entry)) {
      lost.incrementAndGet();
    }
  }

  /** How many lines were lost. */
  public long lost() {
    return lost.get();
  }

  /** Writes what is queued, then ends. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    writer.join(5_000);
    if (writer.isAlive()) {
      writer.interrupt();
    }
  }

  private void write() {
    var batch = new ArrayList<AccessEntry>();
    try {
      while (true) {
        var first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first == null) {
          if (closed) {
            return;
          }
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, 511);
        for (var format : formats) {
          write(format, batch);
        }
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      for (var each : open.values()) {
        close(each);
      }
    }
  }

  private void write(AccessFormat format, List<AccessEntry> batch) {
    var text = new StringBuilder(batch.size() * 160);
    for (var entry : batch) {
      text.append(format.line(entry)).append('\n');
    }
    var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    try {
      var to = open.get(format);
      if (to == null || to.bytes > 0 && to.bytes + bytes.length > most) {
        to = rotate(format);
      }
      to.out.write(bytes);
      to.bytes += bytes.length;
    } catch (IOException e) {
      if (lost.getAndAdd(batch.size()) == 0) {
        LOG.log(Level.WARNING, "folder=" + folder + " the access log cannot be written", e);
      }
    }
  }

  private Open rotate(AccessFormat format) throws IOException {
    var before = open.remove(format);
    var file = file(format);
    if (before != null) {
      close(before);
      Files.deleteIfExists(numbered(file, keep));
      for (int i = keep - 1; i >= 1; i--) {
        if (Files.exists(numbered(file, i))) {
          Files.move(numbered(file, i), numbered(file, i + 1), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      if (keep > 0) {
        Files.move(file, numbered(file, 1), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(file);
      }
    }
    var fresh = open(file);
    open.put(format, fresh);
    return fresh;
  }

  private Open open(Path file) throws IOException {
    var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return new Open(out, Files.size(file));
  }

  private void close(Open file) {
    try {
      file.out.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "folder=" + folder + " the access log cannot be closed", e);
    }
  }

  private Path file(AccessFormat format) {
    return folder.resolve("access" + format.ending());
  }

  private static Path numbered(Path file, int n) {
    return file.resolveSibling(file.getFileName() + "." + n);
  }
}
