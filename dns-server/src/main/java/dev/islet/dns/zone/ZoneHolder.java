package dev.islet.dns.zone;

import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Where readers find the zones of now. Writers swap the whole set, one at a time; a reader takes
 * the reference once per question, so that an answer never mixes two states.
 */
public final class ZoneHolder {
  private final BiConsumer<Zones, Zones> before;
  private final BiConsumer<Zones, Zones> after;
  private volatile Zones zones = Zones.NONE;

  /**
   * @param before is told the old and the new zones while readers still see the old ones
   * @param after is told the same once readers see the new ones
   */
  public ZoneHolder(BiConsumer<Zones, Zones> before, BiConsumer<Zones, Zones> after) {
    this.before = before;
    this.after = after;
  }

  /** A holder that tells nobody. */
  public ZoneHolder() {
    this((old, next) -> {}, (old, next) -> {});
  }

  public Zones now() {
    return zones;
  }

  /** From here on every new question sees these. */
  public void publish(Zones next) {
    change(old -> next);
  }

  /** Publishes what becomes of the zones of now; no other writer comes between. */
  public synchronized void change(UnaryOperator<Zones> change) {
    var old = zones;
    var next = change.apply(old);
    before.accept(old, next);
    zones = next;
    after.accept(old, next);
  }
}
