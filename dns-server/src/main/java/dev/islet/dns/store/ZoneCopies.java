package dev.islet.dns.store;

import dev.islet.core.journal.Journal;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.transfer.Difference;
import dev.islet.dns.transfer.Secondary;
import dev.islet.dns.transfer.Shelf;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/**
 * Copies of zones, a journal each: the whole zone, then the steps since, and when it was last said
 * to be current. The journal is written anew when the steps outgrow the zone. Used by one thread at
 * a time.
 *
 * <p>If the disk fails the zone is served all the same; a restart has to get it again.
 */
public final class ZoneCopies implements Shelf, AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int VERSION = 1;
  private static final int WHOLE = 1;
  private static final int MORE = 2;
  private static final int STEP = 3;
  private static final int CONFIRMED = 4;
  private static final int CHUNK = 512;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long COMPACT_AT = 1 << 20;

  private final Optional<Path> folder;
  private final TimeSource time;
  private final Executor syncs;
  private final Map<Name, Copy> copies = new HashMap<>();

  /** An open journal. */
  private static final class Copy {
    final Journal journal;
    final AtomicBoolean syncing = new AtomicBoolean();
    long compactAt = COMPACT_AT;

    /** Whether something was not kept, so that steps would lead from something else. */
    boolean behind;

    Copy(Journal journal) {
      this.journal = journal;
    }
  }

  /**
   * @param folder none if copies last as long as the server
   * @param syncs runs what makes steps durable, at once or later
   */
  public ZoneCopies(Optional<Path> folder, TimeSource time, Executor syncs) {
    this.folder = folder;
    this.time = time;
    this.syncs = syncs;
  }

  @Override
  public Optional<Secondary.Kept> load(Name zone) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    var reading = new Reading(zone);
    try {
      close(zone);
      copies.put(zone, new Copy(Journal.open(file(folder.get(), zone), reading)));
      return reading.kept(time.wall().getEpochSecond());
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "service=dns the copy of " + zone + " cannot be used", e);
      return Optional.empty();
    }
  }

  @Override
  public void keep(Zone zone, Optional<List<Difference>> steps) {
    var copy = copies.get(zone.origin());
    if (copy == null) {
      return;
    }
    boolean behind = copy.behind;
    copy.behind = true;
    try {
      var entries = steps.orElse(List.of()).stream().map(ZoneCopies::step).toList();
      boolean few = entries.stream().allMatch(e -> e.length <= Journal.MAX_RECORD);
      if (steps.isEmpty() || behind || !few) {
        whole(copy, zone);
      } else {
        entries.forEach(copy.journal::append);
        copy.journal.append(confirmed());
        if (copy.journal.sizeToBe() > copy.compactAt) {
          whole(copy, zone);
        } else if (copy.syncing.compareAndSet(false, true)) {
          syncs.execute(() -> sync(copy, zone.origin()));
        }
      }
      copy.behind = false;
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "service=dns the copy of " + zone.origin() + " cannot be kept", e);
    }
  }

  private static void sync(Copy copy, Name zone) {
    copy.syncing.set(false); // what is appended from here on has a sync of its own
    try {
      copy.journal.commit();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=dns the copy of " + zone + " cannot be synced", e);
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "service=dns the copy of " + zone + " is closed, and synced by that", e);
    }
  }

  private void whole(Copy copy, Zone zone) throws IOException {
    copy.journal.compact(sink -> write(zone, sink));
    copy.compactAt = Math.max(COMPACT_AT, 2 * copy.journal.size());
  }

  @Override
  public void confirm(Name zone) {
    var copy = copies.get(zone);
    if (copy == null) {
      return;
    }
    try {
      copy.journal.append(confirmed());
      copy.journal.commit();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "service=dns the copy of " + zone + " cannot be kept", e);
    }
  }

  @Override
  public void forget(Name zone) {
    close(zone);
    try {
      if (folder.isPresent()) {
        Files.deleteIfExists(file(folder.get(), zone));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=dns the copy of " + zone + " cannot be deleted", e);
    }
  }

  @Override
  public void close() {
    List.copyOf(copies.keySet()).forEach(this::close);
  }

  private void close(Name zone) {
    var copy = copies.remove(zone);
    if (copy != null) {
      copy.journal.close();
    }
  }

  /** Every name has one, whatever bytes are in it; the root's is {@code %2E}. */
  private static Path file(Path folder, Name zone) {
    var plain = zone.equals(Name.root) ? "." : zone.toString(true).toLowerCase(Locale.ROOT);
    var safe = new StringBuilder();
    for (char c : plain.toCharArray()) {
      boolean kept = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
      boolean inner = c == '.' && !safe.isEmpty();
      safe.append(kept || inner ? "" + c : String.format("%%%02X", (int) c));
    }
    return folder.resolve(safe + ".zone");
  }

  private void write(Zone zone, Consumer<byte[]> sink) {
    var chunk = new ArrayList<Record>();
    int kind = WHOLE;
    int bytes = 0;
    for (var set : (Iterable<RrSet>) zone.sets()::iterator) {
      for (var record : Difference.records(set)) {
        chunk.add(record);
        bytes += ResponseWriter.data(record).length;
        if (chunk.size() >= CHUNK || bytes >= CHUNK_BYTES) {
          sink.accept(records(kind, chunk));
          chunk.clear();
          kind = MORE;
          bytes = 0;
        }
      }
    }
    sink.accept(records(kind, chunk));
    sink.accept(confirmed());
  }

  private static byte[] records(int kind, List<Record> records) {
    return entry(kind, out -> ChangeCodec.records(out, records));
  }

  private static byte[] step(Difference step) {
    return entry(
        STEP,
        out -> {
          ChangeCodec.records(out, List.of(step.from(), step.to()));
          ChangeCodec.records(out, step.removed());
          ChangeCodec.records(out, step.added());
        });
  }

  private byte[] confirmed() {
    return entry(CONFIRMED, out -> out.writeLong(time.wall().getEpochSecond()));
  }

  private interface Writing {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] entry(int kind, Writing content) {
    var bytes = new ByteArrayOutputStream(256);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(kind);
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Makes the zone of the journal's entries. */
  private static final class Reading implements Consumer<ByteBuffer> {
    private final Name origin;
    private @Nullable ZoneBuilder builder;
    private @Nullable Zone zone;
    private long confirmed;

    Reading(Name origin) {
      this.origin = origin;
    }

    @Override
    public void accept(ByteBuffer entry) {
      var bytes = new byte[entry.remaining()];
      entry.get(bytes);
      try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
          throw new IOException("an entry of version " + version + ", known is " + VERSION);
        }
        switch (in.readUnsignedByte()) {
          case WHOLE -> {
            builder = new ZoneBuilder(origin);
            zone = null;
            add(in);
          }
          case MORE -> add(in);
          case STEP -> {
            var ends = ChangeCodec.records(in);
            apply(
                (SOARecord) ends.getFirst(),
                (SOARecord) ends.getLast(),
                ChangeCodec.records(in),
                ChangeCodec.records(in));
          }
          case CONFIRMED -> confirmed = in.readLong();
          default -> throw new IOException("an entry of an unknown kind");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void add(DataInputStream in) throws IOException {
      int count = in.readInt();
      for (int i = 0; i < count && builder != null; i++) {
        ChangeCodec.record(in, builder);
      }
    }

    private void apply(SOARecord from, SOARecord to, List<Record> removed, List<Record> added) {
      var before = built();
      if (before == null || before.serial() != from.getSerial()) {
        builder = null; // a step from something else leads nowhere
        zone = null;
        return;
      }
      var edit = before.edit();
      removed.forEach(edit::remove);
      edit.put(RrSet.of(to));
      added.forEach(edit::add);
      zone = edit.done();
    }

    private @Nullable Zone built() {
      if (zone == null && builder != null && builder.incomplete().isEmpty()) {
        zone = builder.build();
      }
      return zone;
    }

    Optional<Secondary.Kept> kept(long nowSeconds) {
      long age = Math.max(0, nowSeconds - confirmed);
      return Optional.ofNullable(built()).map(z -> new Secondary.Kept(z, age * 1_000_000_000L));
    }
  }
}
