package dev.islet.dns.queries;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was asked in the last day: how much in each ten minutes, and the most frequent names,
 * blocked names and askers of the last 12 to 24 hours. Of fixed size. Not safe for several threads.
 */
public final class QueryStatistics {
  private static final int SLOT = 600;
  private static final int SLOTS = 144;
  private static final int HALF_DAY = 43_200;
  private static final int NAMES = 1_000;
  private static final int CLIENTS = 256;
  private static final int SHOWN = 20;

  /**
   * What is known.
   *
   * @param asked in the last 24 hours
   * @param blocked of these
   * @param hours of the last 24, the oldest first
   */
  public record Snapshot(
      long asked,
      long blocked,
      List<Hour> hours,
      List<Top> names,
      List<Top> blockedNames,
      List<Top> clients) {}

  /** One hour of the day, or what has passed of it. */
  public record Hour(Instant from, long asked, long blocked) {}

  /**
   * Something frequent.
   *
   * @param count how often, too high by {@code error} at most
   */
  public record Top(String what, long count, long error) {}

  private static final class Sketches {
    final SpaceSaving names = new SpaceSaving(NAMES);
    final SpaceSaving blocked = new SpaceSaving(NAMES);
    final SpaceSaving clients = new SpaceSaving(CLIENTS);
  }

  private final long[] asked = new long[SLOTS];
  private final long[] blocked = new long[SLOTS];
  private Sketches now = new Sketches();
  private Sketches before = new Sketches();
  private long slot = Long.MIN_VALUE;
  private long half = Long.MIN_VALUE;

  /** Counts a reply. */
  public void add(Instant wall, Noted noted) {
    turn(wall);
    int at = (int) Math.floorMod(slot, (long) SLOTS);
    asked[at]++;
    now.names.add(noted.name());
    if (noted.blocked()) {
      blocked[at]++;
      now.blocked.add(noted.name());
    }
    if (!noted.client().isEmpty()) {
      now.clients.add(noted.client());
    }
  }

  /** Forgets what is too old; after a jump of the clock that may be all. */
  private void turn(Instant wall) {
    long nextSlot = Math.floorDiv(wall.getEpochSecond(), SLOT);
    if (nextSlot != slot) {
      boolean far = slot == Long.MIN_VALUE || nextSlot < slot || nextSlot - slot >= SLOTS;
      for (long each = far ? nextSlot - SLOTS + 1 : slot + 1; each <= nextSlot; each++) {
        int at = (int) Math.floorMod(each, (long) SLOTS);
        asked[at] = 0;
        blocked[at] = 0;
      }
      slot = nextSlot;
    }
    long nextHalf = Math.floorDiv(wall.getEpochSecond(), HALF_DAY);
    if (nextHalf != half) {
      before = nextHalf == half + 1 ? now : new Sketches();
      now = new Sketches();
      half = nextHalf;
    }
  }

  public Snapshot snapshot(Instant wall) {
    turn(wall);
    var hours = new ArrayList<Hour>();
    long all = 0;
    long allBlocked = 0;
    int perHour = 3_600 / SLOT;
    for (long first = slot - SLOTS + 1; first <= slot; first += perHour) {
      long hourAsked = 0;
      long hourBlocked = 0;
      for (long each = first; each < first + perHour; each++) {
        int at = (int) Math.floorMod(each, (long) SLOTS);
        hourAsked += asked[at];
        hourBlocked += blocked[at];
      }
      hours.add(new Hour(Instant.ofEpochSecond(first * SLOT), hourAsked, hourBlocked));
      all += hourAsked;
      allBlocked += hourBlocked;
    }
    return new Snapshot(
        all,
        allBlocked,
        hours,
        top(now.names, before.names),
        top(now.blocked, before.blocked),
        top(now.clients, before.clients));
  }

  private static List<Top> top(SpaceSaving now, SpaceSaving before) {
    Map<String, Top> both = new HashMap<>();
    for (var sketch : List.of(now, before)) {
      for (var each : sketch.counts()) {
        both.merge(
            each.what(),
            new Top(each.what(), each.count(), each.error()),
            (a, b) -> new Top(a.what(), a.count() + b.count(), a.error() + b.error()));
      }
    }
    return both.values().stream()
        .sorted(Comparator.comparingLong(Top::count).reversed().thenComparing(Top::what))
        .limit(SHOWN)
        .toList();
  }
}
