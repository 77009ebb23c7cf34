package dev.islet.dns.fast;

import dev.islet.dns.wire.NameKey;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/**
 * Brings what a few questions will be answered from nearer to the processor, for all at once. Each
 * step of a look-up waits for memory, and the next one for the step before; steps for different
 * names wait side by side. Serves one thread; nothing is allocated.
 */
final class Foresight {
  /** Names that are under way side by side; a processor has room for no more. */
  private static final int NAMES = 32;

  /** How many labels below the top of the zone: a walk seldom comes further down. */
  private static final int LABELS = 2;

  private final @Nullable Zone[] zones = new @Nullable Zone[NAMES];
  private final int[] hashes = new int[NAMES];
  private int count;

  /** Something of all that was read, so that the compiler has it read. */
  @SuppressWarnings("unused")
  private int seen;

  /** Takes note of a name that is asked for, if it is in a zone of ours. */
  void expect(Zones all, NameKey name) {
    var zone = count > NAMES - LABELS ? null : all.nearest(name, Type.A);
    if (zone == null) {
      return;
    }
    int below = name.labels() - zone.depth();
    for (int i = below - 1; i >= Math.max(0, below - LABELS); i--) {
      zones[count] = zone;
      hashes[count++] = name.hash(i);
    }
  }

  /** Reads what look-ups of the names noted read first, and forgets them. */
  void fetch() {
    int all = 0;
    for (int i = 0; i < count; i++) {
      var zone = zones[i];
      all += zone == null ? 0 : zone.touch(hashes[i]);
    }
    seen = all;
    Arrays.fill(zones, 0, count, null); // a zone that is replaced meanwhile is not held
    count = 0;
  }
}
