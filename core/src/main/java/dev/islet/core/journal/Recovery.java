package dev.islet.core.journal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads a journal as a crash may have left it, and makes it one that can be appended to.
 *
 * <p>A crash tears only the end: a record that is cut, or zeros. That was never confirmed, and is
 * cut off. Anything else that does not check out is damage by the medium. Then what follows cannot
 * be trusted to be complete, so reading stops there; the rest is kept beside the journal as {@code
 * <file>.damaged} for people, and the log says so.
 */
final class Recovery {
  private static final Logger LOG = System.getLogger("islet.journal");

  /** How much may be checksummed in search of an intact record behind a bad one. */
  private static final long SEARCH_BUDGET = 256L << 20;

  private final Path file;
  private final RandomAccessFile io;
  private long records;

  Recovery(Path file, RandomAccessFile io) {
    this.file = file;
    this.io = io;
  }

  /** How many records were replayed. */
  long records() {
    return records;
  }

  /**
   * Replays, and cuts off what is torn or damaged.
   *
   * @return where the next record goes
   */
  long run(Consumer<ByteBuffer> replay) throws IOException {
    if (io.length() < JournalFormat.HEADER_BYTES) {
      begin();
      return JournalFormat.HEADER_BYTES;
    }
    checkHeader();
    long good = JournalFormat.HEADER_BYTES + replay(JournalFormat.HEADER_BYTES, replay);
    long length = io.length();
    if (good < length) {
      cut(good, length);
    }
    return good;
  }

  /** An empty file, or one whose creation was cut short. */
  private void begin() throws IOException {
    io.setLength(0);
    io.write(JournalFormat.header());
    io.getFD().sync();
  }

  private void checkHeader() throws IOException {
    var header = new byte[JournalFormat.HEADER_BYTES];
    io.seek(0);
    io.readFully(header);
    switch (JournalFormat.check(header)) {
      case GOOD -> {}
      case NEWER ->
          throw new IOException(
              file + " was written by a newer version; run that one, or move the file away");
      case BAD -> {
        if (replayOne() == 0) {
          throw new IOException(
              file + " is not a journal, or its beginning is damaged; restore it or move it away");
        }
        LOG.log(Level.ERROR, "the header was damaged and is written anew file=" + file);
        io.seek(0);
        io.write(JournalFormat.header());
      }
    }
  }

  /** The bytes of the first record, if it is intact: then only the header is damaged. */
  private long replayOne() throws IOException {
    io.seek(JournalFormat.HEADER_BYTES);
    return next(new DataInputStream(stream()), io.length() - JournalFormat.HEADER_BYTES).length;
  }

  /** Replays from an offset; the bytes of the intact records there. */
  private long replay(long from, Consumer<ByteBuffer> replay) throws IOException {
    io.seek(from);
    var in = new DataInputStream(stream());
    long left = io.length() - from;
    long good = 0;
    while (true) {
      var record = next(in, left);
      if (record.length == 0) {
        return good;
      }
      good += record.length;
      left -= record.length;
      records++;
      replay.accept(
          ByteBuffer.wrap(
                  record,
                  JournalFormat.RECORD_HEAD_BYTES,
                  record.length - JournalFormat.RECORD_HEAD_BYTES)
              .slice()
              .asReadOnlyBuffer());
    }
  }

  /** The next record with its head if it is intact, else nothing. */
  private static byte[] next(DataInputStream in, long left) throws IOException {
    if (left < JournalFormat.RECORD_HEAD_BYTES) {
      return new byte[0];
    }
    int length = in.readInt();
    int crc = in.readInt();
    if (length < 0
        || length > Journal.MAX_RECORD
        || length > left - JournalFormat.RECORD_HEAD_BYTES) {
      return new byte[0];
    }
    var record = new byte[JournalFormat.RECORD_HEAD_BYTES + length];
    in.readFully(record, JournalFormat.RECORD_HEAD_BYTES, length);
    return JournalFormat.crc(record, JournalFormat.RECORD_HEAD_BYTES, length) == crc
        ? record
        : new byte[0];
  }

  private InputStream stream() {
    return new BufferedInputStream(new Unclosed(io), 1 << 16);
  }

  private void cut(long good, long length) throws IOException {
    if (torn(good, length)) {
      LOG.log(
          Level.INFO,
          "cut off a record that a crash left unfinished file={0} offset={1} bytes={2}",
          file,
          Long.toString(good),
          Long.toString(length - good));
    } else {
      var aside = keep(good);
      LOG.log(
          Level.ERROR,
          "the journal is DAMAGED: records from offset {1} on are not used and were moved to {2}"
              + " file={0} records-kept={3}",
          file,
          Long.toString(good),
          aside,
          Long.toString(records));
    }
    io.setLength(good);
    io.getFD().sync();
  }

  /**
   * Whether the rest is what a crash leaves: nothing but zeros, or a cut record and no whole one.
   */
  private boolean torn(long good, long length) throws IOException {
    if (length - good > Journal.MAX_RECORD + (64L << 20)) {
      return false; // more than one commit writes
    }
    var rest = new byte[(int) (length - good)];
    io.seek(good);
    io.readFully(rest);
    return zeros(rest) || cut(rest) && !holdsRecord(rest);
  }

  private static boolean zeros(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the record at the start of these bytes says that it is longer than they are. */
  private static boolean cut(byte[] rest) {
    if (rest.length < JournalFormat.RECORD_HEAD_BYTES) {
      return true;
    }
    int length = ByteBuffer.wrap(rest).getInt();
    return length > rest.length - JournalFormat.RECORD_HEAD_BYTES && length <= Journal.MAX_RECORD;
  }

  /** Whether an intact record begins anywhere in here, or it would take too long to tell. */
  private static boolean holdsRecord(byte[] rest) {
    var read = ByteBuffer.wrap(rest);
    long budget = SEARCH_BUDGET;
    for (int at = 1; at + JournalFormat.RECORD_HEAD_BYTES <= rest.length; at++) {
      int length = read.getInt(at);
      if (length <= 0 || length > rest.length - at - JournalFormat.RECORD_HEAD_BYTES) {
        continue;
      }
      budget -= length + 16L;
      int payload = at + JournalFormat.RECORD_HEAD_BYTES;
      if (budget < 0 || JournalFormat.crc(rest, payload, length) == read.getInt(at + 4)) {
        return true;
      }
    }
    return false;
  }

  /** Copies what follows an offset beside the journal, never over an earlier copy. */
  private Path keep(long from) throws IOException {
    var aside = file.resolveSibling(file.getFileName() + ".damaged");
    for (int n = 2; Files.exists(aside); n++) {
      aside = file.resolveSibling(file.getFileName() + ".damaged-" + n);
    }
    io.seek(from);
    try (var out = new FileOutputStream(aside.toFile())) {
      stream().transferTo(out);
      out.getFD().sync();
    }
    return aside;
  }

  /** Reads on from where the file stands, and leaves it open. */
  private static final class Unclosed extends InputStream {
    private final RandomAccessFile io;

    Unclosed(RandomAccessFile io) {
      this.io = io;
    }

    @Override
    public int read() throws IOException {
      return io.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return io.read(into, offset, length);
    }
  }
}
