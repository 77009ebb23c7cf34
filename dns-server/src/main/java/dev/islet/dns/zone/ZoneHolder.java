package dev.islet.dns.zone;

/**
 * Where readers find the zones of now. One writer swaps the whole set; a reader takes the reference
 * once per question, so that an answer never mixes two states.
 */
public final class ZoneHolder {
  private volatile Zones zones = Zones.NONE;

  public Zones now() {
    return zones;
  }

  /** From here on every new question sees these. */
  public void publish(Zones next) {
    zones = next;
  }
}
