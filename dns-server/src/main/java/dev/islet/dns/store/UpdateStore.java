package dev.islet.dns.store;

import dev.islet.core.engine.Outlet;
import dev.islet.core.journal.Journal;
import dev.islet.core.trace.Trace;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.update.Change;
import dev.islet.dns.update.UpdateAction;
import dev.islet.dns.update.UpdateEngine;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * Keeps updates: a batch's changes are written and synced once, then its zones are published, then
 * its replies leave. If the disk fails, nothing is published and everyone in the batch hears
 * SERVFAIL.
 */
public final class UpdateStore implements Outlet<UpdateAction>, AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final long COMPACT_AT = 1 << 20;

  private final UpdateEngine engine;
  private final ZoneHolder zones;
  private final Trace<DnsEvent> trace;
  private final Tally tally;
  private final @Nullable Journal journal;
  private final List<UpdateAction.Say> sayings = new ArrayList<>();
  private final List<DnsEvent> events = new ArrayList<>();
  private final Map<Name, Zone> fresh = new LinkedHashMap<>();
  private final Map<Name, Set<Name>> touched = new HashMap<>();
  private long compactAt = COMPACT_AT;

  private UpdateStore(
      UpdateEngine engine,
      ZoneHolder zones,
      Trace<DnsEvent> trace,
      Tally tally,
      @Nullable Journal journal) {
    this.engine = engine;
    this.zones = zones;
    this.trace = trace;
    this.tally = tally;
    this.journal = journal;
  }

  /** Opens the journal and gives the engine every change in it. */
  public static UpdateStore open(
      Path file, UpdateEngine engine, ZoneHolder zones, Trace<DnsEvent> trace, Tally tally)
      throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try {
      var journal =
          Journal.open(
              file,
              record -> {
                try {
                  engine.replay(ChangeCodec.read(record));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      return new UpdateStore(engine, zones, trace, tally, journal);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** A store that forgets: what was changed is gone when the server ends. */
  public static UpdateStore inMemory(
      UpdateEngine engine, ZoneHolder zones, Trace<DnsEvent> trace, Tally tally) {
    return new UpdateStore(engine, zones, trace, tally, null);
  }

  /** Keeps the serials that the operator's files were given, before they are told to anybody. */
  public void renumbered() {
    var news = engine.renumbered();
    news.forEach(this::keep);
    if (!news.isEmpty() && journal != null) {
      try {
        journal.commit();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "service=dns serials of zones cannot be kept", e);
      }
    }
  }

  /** Bytes of the journal. */
  public long size() {
    return journal == null ? 0 : journal.size();
  }

  @Override
  public void perform(UpdateAction action) {
    switch (action) {
      case UpdateAction.Keep(var change) -> keep(change);
      case UpdateAction.Publish(var zone) -> fresh.put(zone.origin(), zone);
      case UpdateAction.Say say -> sayings.add(say);
      case UpdateAction.Tell(var event) -> events.add(event);
    }
  }

  @Override
  public void flush() {
    boolean safe = fresh.isEmpty() || commit();
    if (safe && !fresh.isEmpty()) {
      engine.settled();
      var served = new ArrayList<Zone>();
      for (var zone : fresh.values()) {
        var names = touched.getOrDefault(zone.origin(), Set.of());
        served.add(engine.signing().serve(zone, names));
      }
      zones.change(
          now -> {
            var next = now;
            for (var zone : served) {
              next = next.with(zone);
            }
            return next;
          });
    }
    for (var say : sayings) {
      tally.updated(safe ? say.rcode() : Rcode.SERVFAIL);
      say.to().send(safe ? say.message() : say.failed());
    }
    if (safe) {
      events.forEach(trace::emit);
    }
    fresh.clear();
    touched.clear();
    sayings.clear();
    events.clear();
    if (journal != null && journal.size() > compactAt) {
      compact(journal);
    }
  }

  private void keep(Change change) {
    var names = touched.computeIfAbsent(change.zone(), zone -> new HashSet<>());
    change.removed().forEach(r -> names.add(r.getName()));
    change.added().forEach(r -> names.add(r.getName()));
    if (journal != null) {
      journal.append(ChangeCodec.write(change));
    }
  }

  private boolean commit() {
    if (journal == null) {
      return true;
    }
    try {
      journal.commit();
      return true;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "service=dns updates cannot be kept, they are refused", e);
      engine.undone();
      return false;
    }
  }

  private void compact(Journal journal) {
    try {
      journal.compact(sink -> engine.sums().forEach(c -> sink.accept(ChangeCodec.write(c))));
      compactAt = Math.max(COMPACT_AT, 4 * journal.size());
    } catch (IOException e) {
      compactAt = 2 * journal.size();
      LOG.log(Level.WARNING, "service=dns the journal of updates cannot be compacted", e);
    }
  }

  @Override
  public void close() {
    if (journal != null) {
      journal.close();
    }
  }
}
