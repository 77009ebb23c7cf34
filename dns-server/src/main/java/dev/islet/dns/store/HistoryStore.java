package dev.islet.dns.store;

import dev.islet.core.journal.Journal;
import dev.islet.dns.transfer.Difference;
import dev.islet.dns.transfer.Digest;
import dev.islet.dns.transfer.History;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * The steps of zones in a journal, so that a secondary gets differences after a restart too (RFC
 * 1995). They are synced beside the answers, which do not wait for it: a crash in between loses the
 * last steps, and then secondaries get the whole zone, as they do if the disk fails.
 */
public final class HistoryStore implements History.Shelf, AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int VERSION = 1;
  private static final long COMPACT_AT = 1 << 20;

  private final Journal journal;
  private final AtomicBoolean syncing = new AtomicBoolean();
  private long compactAt = COMPACT_AT;

  private HistoryStore(Journal journal) {
    this.journal = journal;
  }

  /** Opens the journal and gives the history all that is in it; empty if it cannot be used. */
  public static Optional<HistoryStore> open(Path file, History history) {
    var steps = new ArrayList<History.Step>();
    try {
      var store = new HistoryStore(Journal.open(file, entry -> steps.add(read(entry))));
      history.open(steps, store);
      return Optional.of(store);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "service=dns differences of zones cannot be kept in " + file, e);
      return Optional.empty();
    }
  }

  @Override
  public void keep(History.Step step, Supplier<List<History.Step>> all) {
    try {
      var entry = write(step);
      if (entry.length > Journal.MAX_RECORD) {
        return; // the steps after it show that one is missing
      }
      journal.append(entry);
      if (journal.sizeToBe() > compactAt) {
        compact(all.get());
      } else if (syncing.compareAndSet(false, true)) {
        Thread.ofVirtual().name("dns-differences").start(this::sync);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "service=dns a difference of " + step.zone() + " is not kept", e);
    }
  }

  private void compact(List<History.Step> all) throws IOException {
    journal.compact(sink -> all.forEach(step -> sink.accept(write(step))));
    compactAt = Math.max(COMPACT_AT, 2 * journal.size());
  }

  private void sync() {
    syncing.set(false); // what is appended from here on has a sync of its own
    try {
      journal.commit();
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "service=dns differences of zones are not synced", e);
    }
  }

  @Override
  public void close() {
    journal.close();
  }

  private static byte[] write(History.Step step) {
    var bytes = new ByteArrayOutputStream(256);
    try (var out = new DataOutputStream(bytes)) {
      var name = step.zone().toWire();
      out.writeByte(VERSION);
      out.writeByte(name.length);
      out.write(name);
      write(out, step.before());
      write(out, step.after());
      ChangeCodec.records(out, List.of(step.difference().from(), step.difference().to()));
      ChangeCodec.records(out, step.difference().removed());
      ChangeCodec.records(out, step.difference().added());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Digest digest) throws IOException {
    out.writeLong(digest.high());
    out.writeLong(digest.low());
  }

  private static History.Step read(ByteBuffer entry) {
    var bytes = new byte[entry.remaining()];
    entry.get(bytes);
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("an entry of version " + version + ", known is " + VERSION);
      }
      var zone = new Name(in.readNBytes(in.readUnsignedByte()));
      var before = new Digest(in.readLong(), in.readLong());
      var after = new Digest(in.readLong(), in.readLong());
      var ends = ChangeCodec.records(in);
      var removed = ChangeCodec.records(in);
      var difference =
          new Difference(
              (SOARecord) ends.getFirst(),
              removed,
              (SOARecord) ends.getLast(),
              ChangeCodec.records(in));
      return new History.Step(zone, before, difference, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
