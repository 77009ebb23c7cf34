package dev.islet.dhcp.store;

import dev.islet.core.journal.Journal;
import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.lease.LeaseStore;
import dev.islet.dhcp.lease6.Lease6Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lease file: an append-only journal, one sync for all that was decided in a batch of messages.
 * It is rewritten when it holds several times what is worth keeping, and after a failed write, when
 * nobody can say what got to the disk.
 */
public final class LeaseJournal<R> implements LeaseStore<R> {
  private static final Logger LOG = System.getLogger("islet.dhcp");
  private static final int SLACK = 1_000;

  private final Path file;
  private final Function<R, byte[]> encode;
  private Journal journal;
  private long kept;
  private long committedBytes;
  private boolean dirty;
  private boolean broken;

  private LeaseJournal(Path file, Function<R, byte[]> encode, Journal journal, long kept) {
    this.file = file;
    this.encode = encode;
    this.journal = journal;
    this.kept = kept;
  }

  /**
   * Opens or creates the file of IPv4 leases.
   *
   * @param replay gets every record that was durable, oldest first
   */
  public static LeaseJournal<LeaseRecord> open(Path file, Consumer<LeaseRecord> replay)
      throws IOException {
    return open(file, LeaseCodec::encode, LeaseCodec::decode, replay);
  }

  /**
   * Opens or creates the file of IPv6 leases.
   *
   * @param replay gets every record that was durable, oldest first
   */
  public static LeaseJournal<Lease6Record> openSix(Path file, Consumer<Lease6Record> replay)
      throws IOException {
    return open(file, Lease6Codec::encode, Lease6Codec::decode, replay);
  }

  private static <R> LeaseJournal<R> open(
      Path file,
      Function<R, byte[]> encode,
      Function<ByteBuffer, Optional<R>> decode,
      Consumer<R> replay)
      throws IOException {
    var unknown = new int[1];
    var journal =
        Journal.open(
            file, buffer -> decode.apply(buffer).ifPresentOrElse(replay, () -> unknown[0]++));
    if (unknown[0] > 0) {
      LOG.log(
          Level.WARNING,
          "file=" + file + " records=" + unknown[0] + " skipped: written by a newer version");
    }
    return new LeaseJournal<>(file, encode, journal, journal.records());
  }

  @Override
  public void append(R record) {
    var bytes = encode.apply(record);
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
  public void tidy(Supplier<Stream<R>> worthKeeping) throws IOException {
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

  private void rewrite(Supplier<Stream<R>> worthKeeping) throws IOException {
    var count = new long[1];
    journal.compact(
        sink ->
            worthKeeping
                .get()
                .forEach(
                    record -> {
                      sink.accept(encode.apply(record));
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
