package dev.islet.dns.dnssec;

import java.time.Instant;
import java.util.Optional;

/**
 * A key and where it is in its life.
 *
 * @param generation keys of one generation came together; a successor of the same algorithm joins
 *     that of the key before it
 * @param since when the phase began
 * @param named when the parent's DS set was first seen, or said, to name it
 */
public record KeyState(
    ZoneKey key,
    KeyRole role,
    int generation,
    KeyPhase phase,
    Instant since,
    Optional<Instant> named) {
  KeyState in(KeyPhase next, Instant now) {
    return new KeyState(key, role, generation, next, now, named);
  }

  KeyState namedAt(Instant when) {
    return new KeyState(key, role, generation, phase, since, Optional.of(when));
  }

  boolean is(KeyPhase other) {
    return phase == other;
  }

  /**
   * The data of the DS record that the parent should have; empty for a key that it need not know.
   */
  public Optional<String> ds() {
    return role.entry()
        ? Optional.of(Records.ds(key.record(), 0).rdataToString())
        : Optional.empty();
  }
}
