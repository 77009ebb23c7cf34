package dev.islet.core.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of checksummed records: what {@link #commit} has confirmed survives kill -9
 * and a power cut.
 *
 * <pre>{@code
 * var journal = Journal.open(file, record -> table.apply(decode(record)));
 * journal.append(encode(lease));   // as often as there is something to tell
 * journal.commit();                // one write and one fsync for all of them, then answer
 * if (journal.size() > 4_000_000) journal.compact(out -> table.forEach(l -> out.accept(encode(l))));
 * }</pre>
 *
 * <p>Any number of threads may append and commit at the same time; one of those waiting writes for
 * all (group commit), so that ten answers cost the medium one flush. One process opens a journal at
 * a time; a lock sees to it.
 *
 * <p>When the medium takes no more, commit throws, and the records stay waiting in their order: the
 * next commit tries them again. After a failed flush nothing is known about the file, so that every
 * further commit throws until it is opened anew.
 */
public final class Journal implements AutoCloseable {
  /** The longest record, in bytes. */
  public static final int MAX_RECORD = 16 << 20;

  /** How many bytes may wait for a medium that takes no more, before append refuses. */
  static final int MAX_WAITING = 64 << 20;

  private final Path file;

  /** Keeps other processes away. */
  private final RandomAccessFile held;

  /** Guards what follows; held for no I/O except by compact and close when they swap files. */
  private final Object lock = new Object();

  /** A plain file and not a channel: an interrupt would close a channel under the others. */
  private RandomAccessFile io;

  private ByteArrayOutputStream waiting = new ByteArrayOutputStream(4096);
  private long waitingRecords;

  /** Bytes that the writer has taken of those waiting. */
  private long writing;

  private long appended;
  private long durable;
  private long size;
  private long records;

  /** The thread that writes; the others wait for it. */
  private @Nullable Thread writer;

  private boolean closed;
  private @Nullable IOException broken;

  private Journal(Path file, RandomAccessFile held, RandomAccessFile io, long size, long records) {
    this.file = file;
    this.held = held;
    this.io = io;
    this.size = size;
    this.records = records;
  }

  /**
   * Opens or creates a journal, with its folder, and replays every intact record, oldest first. A
   * record that a crash left unfinished is cut off; damage is set aside as {@code <file>.damaged}
   * and logged.
   *
   * @param replay gets each record; the buffer is only valid during the call
   * @throws IOException if it cannot be read, is held by another process, or is not a journal
   */
  public static Journal open(Path file, Consumer<ByteBuffer> replay) throws IOException {
    var path = file.toAbsolutePath().normalize();
    Files.createDirectories(JournalFiles.folder(path));
    var held = JournalFiles.lock(path);
    try {
      Files.deleteIfExists(JournalFiles.temporary(path)); // of a compaction that was cut short
      boolean fresh = !Files.exists(path);
      var io = new RandomAccessFile(path.toFile(), "rw");
      try {
        var recovery = new Recovery(path, io);
        long size = recovery.run(replay);
        if (fresh) {
          JournalFiles.syncFolder(path);
        }
        return new Journal(path, held, io, size, recovery.records());
      } catch (IOException | RuntimeException e) {
        io.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  /**
   * Appends a record; it is durable once a {@link #commit} that began afterwards has returned.
   *
   * @throws IllegalArgumentException if it is longer than {@link #MAX_RECORD}
   * @throws IllegalStateException if the journal is closed
   * @throws UncheckedIOException if too much waits for a medium that takes no more
   */
  public void append(byte[] record) {
    if (record.length > MAX_RECORD) {
      throw new IllegalArgumentException(
          "a record of " + record.length + " bytes is longer than " + MAX_RECORD);
    }
    var head = JournalFormat.head(record);
    synchronized (lock) {
      refuseIfClosed();
      if (waiting.size() + head.length + record.length > MAX_WAITING) {
        throw new UncheckedIOException(
            new IOException("too many records wait to be written to " + file));
      }
      waiting.writeBytes(head);
      waiting.writeBytes(record);
      waitingRecords++;
      appended++;
    }
  }

  /**
   * Makes every record appended so far durable: one write and one flush for all waiting.
   *
   * @throws IOException if the medium is full or failed: the records are not confirmed
   */
  public void commit() throws IOException {
    long wanted;
    synchronized (lock) {
      wanted = appended;
    }
    while (true) {
      ByteArrayOutputStream batch;
      long batchRecords;
      long upTo;
      synchronized (lock) {
        if (durable >= wanted) {
          return;
        }
        refuseIfClosed();
        refuseIfBroken();
        if (writer != null) {
          awaitWriter();
          continue;
        }
        writer = Thread.currentThread();
        batch = waiting;
        batchRecords = waitingRecords;
        upTo = appended;
        writing = batch.size();
        waiting = new ByteArrayOutputStream(Math.clamp(batch.size(), 4096, 1 << 20));
        waitingRecords = 0;
      }
      write(batch, batchRecords, upTo);
    }
  }

  /** As the one writer, without the lock. */
  private void write(ByteArrayOutputStream batch, long batchRecords, long upTo) throws IOException {
    boolean flushing = false;
    try {
      io.seek(size);
      io.write(batch.toByteArray());
      flushing = true;
      io.getFD().sync();
      synchronized (lock) {
        size += batch.size();
        records += batchRecords;
        durable = upTo;
        writing = 0;
      }
    } catch (IOException e) {
      synchronized (lock) {
        writing = 0;
        putBack(batch, batchRecords);
        if (flushing) {
          broken = e;
        }
      }
      cutBack(e);
      throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
    } finally {
      synchronized (lock) {
        writer = null;
        lock.notifyAll();
      }
    }
  }

  /** Removes what a failed write has left, so that the file ends with a whole record. */
  private void cutBack(IOException because) {
    try {
      io.setLength(size);
    } catch (IOException e) {
      because.addSuppressed(e); // the next write begins at the same place, over it
    }
  }

  private void putBack(ByteArrayOutputStream batch, long batchRecords) {
    batch.writeBytes(waiting.toByteArray());
    waiting = batch;
    waitingRecords += batchRecords;
  }

  /**
   * Atomically replaces the content by a snapshot.
   *
   * <p>The snapshot must hold everything that was appended before this call, committed or not; call
   * it where no other thread appends, or where the state and the journal are changed together.
   * Records that other threads append meanwhile go behind the snapshot; their commits wait for it.
   * If it fails, the old content stays.
   *
   * @param snapshot is given a consumer that takes the records of the new content
   * @throws IOException if it could not be written
   */
  public void compact(Consumer<Consumer<byte[]>> snapshot) throws IOException {
    ByteArrayOutputStream superseded;
    long supersededRecords;
    long upTo;
    synchronized (lock) {
      while (writer != null) {
        awaitWriter();
      }
      refuseIfClosed();
      refuseIfBroken();
      writer = Thread.currentThread();
      superseded = waiting;
      supersededRecords = waitingRecords;
      upTo = appended;
      waiting = new ByteArrayOutputStream(4096);
      waitingRecords = 0;
    }
    boolean done = false;
    try {
      var fresh = new Snapshot(JournalFiles.temporary(file));
      try {
        snapshot.accept(fresh);
        fresh.finish();
        Files.move(fresh.path, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (UncheckedIOException e) {
        fresh.abandon();
        throw e.getCause();
      } catch (IOException | RuntimeException | Error e) {
        fresh.abandon();
        throw e;
      }
      // From here on the name means the new file, even if what follows fails.
      done = true;
      var old = io;
      synchronized (lock) {
        io = fresh.io;
        size = fresh.size;
        records = fresh.records;
      }
      old.close();
      try {
        JournalFiles.syncFolder(file);
        synchronized (lock) {
          durable = upTo;
        }
      } catch (IOException e) {
        synchronized (lock) {
          broken = e;
        }
        throw e;
      }
    } finally {
      synchronized (lock) {
        if (!done) {
          putBack(superseded, supersededRecords);
        }
        writer = null;
        lock.notifyAll();
      }
    }
  }

  /** Bytes in the file. */
  public long size() {
    synchronized (lock) {
      return size;
    }
  }

  /**
   * Bytes in the file once all that was appended is in it: what to look at where nobody waits for
   * the commits, which a slow medium may leave far behind.
   */
  public long sizeToBe() {
    synchronized (lock) {
      return size + writing + waiting.size();
    }
  }

  /** Records in the file. */
  public long records() {
    synchronized (lock) {
      return records;
    }
  }

  /**
   * Commits what was appended and closes the file; may be repeated.
   *
   * @throws UncheckedIOException if what was appended could not be made durable
   */
  @Override
  public void close() {
    try {
      try {
        synchronized (lock) {
          if (closed) {
            return;
          }
        }
        commit();
      } finally {
        synchronized (lock) {
          while (writer != null) {
            awaitWriter();
          }
          closed = true;
          io.close();
          held.close();
          lock.notifyAll();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the writer, through interrupts: an answer depends on how it ends. */
  private void awaitWriter() {
    if (writer == Thread.currentThread()) {
      throw new IllegalStateException("a snapshot being taken cannot wait for its own journal");
    }
    boolean interrupted = false;
    while (writer != null) {
      try {
        lock.wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException("the journal " + file + " is closed");
    }
  }

  private void refuseIfBroken() throws IOException {
    if (broken != null) {
      throw new IOException(
          "a flush of " + file + " failed before; it must be opened anew", broken);
    }
  }
}
