package dev.islet.dns.dnssec;

import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import java.time.Instant;
import java.util.List;

/**
 * What must outlive a crash, for one zone.
 *
 * @param keys that are not gone
 * @param ahead how far the served serial is ahead of the unsigned zone's: once more for each time
 *     that it was signed again without a change of its own
 * @param maxTtl the longest TTL, in seconds, that a signed set somewhere in a cache can have
 * @param maxTtlSeen when a set of that TTL was last served
 */
public record SignerState(List<KeyState> keys, long ahead, long maxTtl, Instant maxTtlSeen) {
  static final SignerState NEW = new SignerState(List.of(), 0, 0, Instant.EPOCH);

  public SignerState {
    keys = List.copyOf(keys);
  }

  SignerState with(List<KeyState> next) {
    return new SignerState(next, ahead, maxTtl, maxTtlSeen);
  }

  SignerState further() {
    return new SignerState(keys, ahead + 1, maxTtl, maxTtlSeen);
  }

  /** The longest TTL falls back only when nothing of the old one can be remembered any more. */
  SignerState served(long longest, Instant now) {
    boolean old = now.isAfter(maxTtlSeen.plusSeconds(maxTtl));
    return longest >= maxTtl || old ? new SignerState(keys, ahead, longest, now) : this;
  }

  /** The serial that the signed form of a zone has. */
  long serial(Zone unsigned) {
    return unsigned.serial() + ahead & 0xFFFF_FFFFL;
  }

  /** So far ahead that the serial comes right after the one that is served. */
  SignerState leading(Zone unsigned, Zone served) {
    long lead = Serial.next(served.serial()) - unsigned.serial() & 0xFFFF_FFFFL;
    return new SignerState(keys, lead, maxTtl, maxTtlSeen);
  }

  /** Whether a crash would lose nothing if the other is what was kept. */
  boolean isAsDurableAs(SignerState kept) {
    return keys.equals(kept.keys) && ahead == kept.ahead && maxTtl == kept.maxTtl;
  }
}
