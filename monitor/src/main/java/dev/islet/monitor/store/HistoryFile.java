package dev.islet.monitor.store;

import dev.islet.core.journal.Journal;
import dev.islet.monitor.series.History;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The minutes and quarters of the history, in a journal: names of series and rows of values, each
 * with a checksum. Rows are written five minutes at a time, so that a power cut costs at most those
 * and an SD card little; when the file has grown it is written anew with what the rings still hold.
 *
 * <p>A name is {@code 'N' key label unit}, a row {@code 'M' or 'Q', slot, a float a series}.
 */
public final class HistoryFile implements AutoCloseable {
  /** With the new file beside the old one, for a moment, both take less than 5 MiB. */
  static final long COMPACT_AT = 3 << 20;

  private static final int BATCH = 5;

  private final Path file;
  private final History history;
  private final Optional<String> damage;
  private final Journal journal;

  /** How many of the names are in the file, or on their way. */
  private int written;

  private int rows;
  private long bytes;

  private HistoryFile(Path file, History history) throws IOException {
    this.file = file;
    this.history = history;
    var aside = file.resolveSibling(file.getFileName() + ".damaged");
    var before = stamp(aside);
    Journal opened;
    try {
      opened = Journal.open(file, this::replay);
    } catch (IOException | IllegalArgumentException | BufferUnderflowException e) {
      if (!Files.exists(file)) {
        throw e instanceof IOException io ? io : new IOException(e);
      }
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      written = 0;
      opened = Journal.open(file, this::replay);
    }
    this.journal = opened;
    this.damage =
        stamp(aside).equals(before)
            ? Optional.empty()
            : Optional.of("the history was damaged; what cannot be read lies in " + aside);
  }

  /**
   * Opens the file and fills the history, which has no other series yet, with what it holds.
   *
   * @throws IOException if the folder cannot be written, or another process has the file
   */
  public static HistoryFile open(Path file, History history) throws IOException {
    return new HistoryFile(file, history);
  }

  private static String stamp(Path file) throws IOException {
    return Files.exists(file) ? Files.getLastModifiedTime(file) + " " + Files.size(file) : "none";
  }

  /** What was found damaged when it was opened. */
  public Optional<String> damage() {
    return damage;
  }

  /** Bytes in the file. */
  public long size() {
    return journal.size();
  }

  /** Bytes written since it was opened. */
  public synchronized long bytesWritten() {
    return bytes;
  }

  /** Takes a row; every few minutes what has come is written. */
  public synchronized void add(History.Row row) {
    append(row(row));
    rows++;
    if (rows >= BATCH) {
      write();
    }
  }

  /** Writes what has come; a medium that takes nothing is told of in the log, and tried again. */
  public synchronized void write() {
    try {
      if (journal.size() > COMPACT_AT) {
        journal.compact(this::everything);
        bytes += journal.size();
        written = history.names().size();
      } else {
        journal.commit();
      }
      rows = 0;
    } catch (IOException e) {
      System.getLogger("islet.monitor")
          .log(
              System.Logger.Level.WARNING, "file=" + file + " takes no history: " + e.getMessage());
    }
  }

  private void append(byte[] record) {
    var names = history.names();
    while (written < names.size()) {
      var name = name(names.get(written++));
      bytes += name.length;
      journal.append(name);
    }
    bytes += record.length;
    journal.append(record);
  }

  private void everything(java.util.function.Consumer<byte[]> out) {
    history.names().forEach(name -> out.accept(name(name)));
    history.rows(row -> out.accept(row(row)));
  }

  private void replay(ByteBuffer record) {
    char kind = (char) record.get();
    switch (kind) {
      case 'N' -> {
        var words = StandardCharsets.UTF_8.decode(record).toString().split("\n", -1);
        if (words.length == 3) {
          var unused = history.index(new History.Name(words[0], words[1], words[2]));
        }
        written++;
      }
      case 'M', 'Q' -> {
        long slot = record.getLong();
        var values = new float[record.remaining() / Float.BYTES];
        for (int i = 0; i < values.length; i++) {
          values[i] = record.getFloat();
        }
        var step = kind == 'M' ? History.Step.MINUTE : History.Step.QUARTER;
        history.restore(new History.Row(step, slot, values));
      }
      default -> throw new IllegalArgumentException("a record of kind " + kind);
    }
  }

  private static byte[] name(History.Name name) {
    return ("N" + name.key() + "\n" + name.label() + "\n" + name.unit())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] row(History.Row row) {
    var out = new ByteArrayOutputStream(9 + row.values().length * Float.BYTES);
    try (var data = new DataOutputStream(out)) {
      data.writeByte(row.step() == History.Step.MINUTE ? 'M' : 'Q');
      data.writeLong(row.slot());
      for (float value : row.values()) {
        data.writeFloat(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes all
    }
    return out.toByteArray();
  }

  @Override
  public synchronized void close() {
    write();
    journal.close();
  }
}
