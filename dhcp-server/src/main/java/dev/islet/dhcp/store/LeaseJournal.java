package dev.islet.dhcp.store;

import dev.islet.core.journal.Journal;
import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.lease.LeaseStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lease file: an append-only journal, one sync for all that was decided in a batch of messages.
 * It is rewritten when it holds several times what is worth keeping, and after a failed write, when
 * nobody can say what got to the disk.
 */
public final class LeaseJournal implements LeaseStore {
  private static final Logger LOG = System.getLogger("islet.dhcp");
  private static final int SLACK = 1_000;

  private final Path file;
  private Journal journal;
  private long kept;
  private long committedBytes;
  private boolean dirty;
  private boolean broken;

  private LeaseJournal(Path file, Journal journal, long kept) {
    this.file = file;
    this.journal = journal;
    this.kept = kept;
  }

  /**
   * Opens or creates the file.
   *
   * @param replay gets every record that was durable, oldest first
   */
  public static LeaseJournal open(Path file, Consumer<LeaseRecord> replay) throws IOException {
    var unknown = new int[1];
    var journal =
        Journal.open(
            file, buffer -> LeaseCodec.decode(buffer).ifPresentOrElse(replay, () -> unknown[0]++));
    if (unknown[0] > 0) {
      LOG.log(
          Level.WARNING,
          "file=" + file + " records=" + unknown[0] + " skipped: written by a newer version");
    }
    return new LeaseJournal(file, journal, journal.records());
  }

  @Override
  public void append(LeaseRecord record) {
    var bytes = LeaseCodec.encode(record);
    committedBytes += bytes.length;
    journal.append(bytes);
    dirty = true;
  }

  @Override
  public void commit() throws IOException {
    if (!dirty) {
      return;
    }
    try {
      journal.commit();
      dirty = false;
    } catch (IOException | UncheckedIOException e) {
      broken = true;
      throw e;
    }
  }

  @Override
  public void tidy(Supplier<Stream<LeaseRecord>> worthKeeping) throws IOException {
    if (!broken && journal.records() < 4 * kept + SLACK) {
      return;
    }
    try {
      rewrite(worthKeeping);
    } catch (IOException e) {
      if (!broken) {
        throw e;
      }
      // After a failed flush a journal must be opened anew; what it holds is replaced at once.
      reopen();
      rewrite(worthKeeping);
    }
  }

  private void rewrite(Supplier<Stream<LeaseRecord>> worthKeeping) throws IOException {
    var count = new long[1];
    journal.compact(
        sink ->
            worthKeeping
                .get()
                .forEach(
                    record -> {
                      sink.accept(LeaseCodec.encode(record));
                      count[0]++;
                    }));
    kept = count[0];
    broken = false;
    dirty = false;
  }

  private void reopen() throws IOException {
    try {
      journal.close();
    } catch (UncheckedIOException e) {
      LOG.log(Level.DEBUG, "file=" + file + " closed with what it could not write", e);
    }
    journal = Journal.open(file, ignored -> {});
  }

  /** Bytes of records written since it was opened, the measure of wear. */
  public long written() {
    return committedBytes;
  }

  /** Bytes in the file. */
  public long size() {
    return journal.size();
  }

  @Override
  public void close() {
    journal.close();
  }
}
