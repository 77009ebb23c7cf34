package dev.islet.dns.store;

import dev.islet.dns.queries.Noted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * A log of replies in compressed files, one a day and start: {@code queries-2026-11-24.1.tsv.gz}
 * with a line each of time, asker, name, type, response code and handler. Written in batches, each
 * a whole gzip member that ends with a sync, so that a memory card is written once in minutes; what
 * was noted since the last batch is lost with the power. Not safe for several threads.
 */
public final class QueryLog {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int BATCH = 1 << 18;

  /**
   * What it may cost.
   *
   * @param every how long a batch is collected
   * @param maxDay bytes written in a day; then nothing more until the next
   * @param maxTotal bytes of all files; the oldest go
   */
  public record Limits(Duration every, long maxDay, long maxTotal) {}

  private final Path folder;
  private final Limits limits;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
  private GZIPOutputStream zip;
  private boolean empty = true;
  private Instant began = Instant.MIN;
  private LocalDate day = LocalDate.MIN;
  private Path file;
  private long today;
  private long total;
  private long lost;

  /** A log in a folder, which is made if it is not there. */
  public QueryLog(Path folder, Limits limits, Instant wall) throws IOException {
    this.folder = folder;
    this.limits = limits;
    Files.createDirectories(folder);
    this.file = folder;
    this.zip = new GZIPOutputStream(batch);
    turn(wall);
    clear();
  }

  /** Adds a reply. */
  public void add(Instant wall, Noted noted) {
    if (today + batch.size() >= limits.maxDay()) {
      lost++;
      turn(wall);
      return;
    }
    if (empty) {
      began = wall;
      empty = false;
    }
    var line =
        wall.truncatedTo(ChronoUnit.SECONDS)
            + "\t"
            + noted.client()
            + "\t"
            + noted.name()
            + "\t"
            + Type.string(noted.type())
            + "\t"
            + Rcode.string(noted.rcode())
            + "\t"
            + noted.source()
            + "\n";
    try {
      zip.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  /** Writes the batch if it is time for that. */
  public void tick(Instant wall) {
    boolean old = !empty && !wall.isBefore(began.plus(limits.every()));
    boolean turned = !LocalDate.ofInstant(wall, ZoneOffset.UTC).equals(day);
    if (old || turned || wall.isBefore(began) && !empty || batch.size() > BATCH) {
      flush();
      turn(wall);
    }
  }

  /** Writes what there is. */
  public void flush() {
    if (empty) {
      return;
    }
    try {
      zip.close();
      var bytes = ByteBuffer.wrap(batch.toByteArray());
      long size = bytes.remaining();
      try (var channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(false);
      }
      today += size;
      total += size;
      clear();
    } catch (IOException e) {
      lost++;
      LOG.log(Level.WARNING, "service=dns the log of queries cannot be written: " + e);
    }
    batch.reset();
    empty = true;
    try {
      zip = new GZIPOutputStream(batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new day has a new file, and so has a new start: a member that was cut ends its file. */
  private void turn(Instant wall) {
    var date = LocalDate.ofInstant(wall, ZoneOffset.UTC);
    if (date.equals(day)) {
      return;
    }
    day = date;
    today = 0;
    int number = 1;
    try {
      for (var each : files()) {
        var name = each.getFileName().toString();
        if (name.startsWith("queries-" + date + ".")) {
          today += Files.size(each);
          number = Math.max(number, Integer.parseInt(name.split("\\.")[1]) + 1);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=dns the folder " + folder + " cannot be read: " + e);
    }
    file = folder.resolve("queries-" + date + "." + number + ".tsv.gz");
  }

  /** The oldest go until the rest may stay. */
  private void clear() throws IOException {
    var all = files();
    total = 0;
    for (var each : all) {
      total += Files.size(each);
    }
    for (var each : all) {
      if (total <= limits.maxTotal()) {
        return;
      }
      if (!each.equals(file)) {
        total -= Files.size(each);
        Files.delete(each);
      }
    }
  }

  /** The files of the log, the oldest first. */
  private List<Path> files() throws IOException {
    var found = new ArrayList<Path>();
    try (var all = Files.list(folder)) {
      all.filter(
              p -> p.getFileName().toString().matches("queries-[0-9-]{10}\\.\\d{1,9}\\.tsv\\.gz"))
          .forEach(found::add);
    }
    found.sort(
        java.util.Comparator.comparing((Path p) -> p.getFileName().toString().split("\\.")[0])
            .thenComparingInt(p -> Integer.parseInt(p.getFileName().toString().split("\\.")[1])));
    return found;
  }

  /** Bytes written today, by this and earlier starts. */
  public long today() {
    return today;
  }

  /** Bytes of all files. */
  public long total() {
    return total;
  }

  /**
   * Replies that were not logged for the limit of the day, and batches that could not be written.
   */
  public long lost() {
    return lost;
  }
}
