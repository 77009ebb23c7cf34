package dev.islet.dns.validate;

import dev.islet.core.engine.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;

/** All zones where trust begins, kept up with their keys (RFC 5011). */
final class TrustPoints {
  private final TrustAnchors configured;
  private final Map<Name, TrustPoint> points = new TreeMap<>();

  /**
   * @param kept what was learnt earlier
   */
  TrustPoints(TrustAnchors configured, Map<Name, KeptAnchors> kept) {
    this.configured = configured;
    configured
        .anchors()
        .forEach((zone, start) -> points.put(zone, new TrustPoint(start, kept.get(zone))));
  }

  /** What is trusted now. */
  TrustAnchors trusted() {
    var now = new HashMap<Name, List<DSRecord>>();
    points.forEach(
        (zone, point) -> {
          var digests = point.trusted();
          if (!digests.isEmpty()) { // else it is as if the zone were not configured (section 5)
            now.put(zone, digests);
          }
        });
    return new TrustAnchors(now, configured.negative(), configured.forwarded());
  }

  Map<Name, KeptAnchors> kept() {
    var all = new TreeMap<Name, KeptAnchors>();
    points.forEach((zone, point) -> all.put(zone, point.kept()));
    return all;
  }

  boolean has(Name zone) {
    return points.containsKey(zone);
  }

  /** When the first is to be looked at again, in nanoseconds. */
  long deadline() {
    return points.values().stream().mapToLong(TrustPoint::due).min().orElse(Engine.NEVER);
  }

  /** Those that are to be looked at now. */
  List<Name> due(long now) {
    var due = new ArrayList<Name>();
    points.forEach(
        (zone, point) -> {
          if (point.due() <= now) {
            point.looked(now);
            due.add(zone);
          }
        });
    return due;
  }

  /**
   * Learns from what a hearing saw of their keys.
   *
   * @return whether something changed
   */
  boolean learn(Hearing hearing, Consumer<? super ValidateAction> out) {
    boolean changed = false;
    for (var seen : hearing.sightings()) {
      var point = points.get(seen.zone());
      if (point != null) {
        for (var move : point.see(seen, hearing.moment(), hearing.budget())) {
          changed = true;
          out.accept(
              new ValidateAction.AnchorMoved(
                  seen.zone(), move.tag(), phase(move.from()), phase(move.to())));
        }
      }
    }
    if (changed) {
      out.accept(new ValidateAction.KeepAnchors(kept()));
    }
    return changed;
  }

  private static String phase(@org.jspecify.annotations.Nullable AnchorPhase phase) {
    return phase == null ? "UNKNOWN" : phase.name();
  }
}
