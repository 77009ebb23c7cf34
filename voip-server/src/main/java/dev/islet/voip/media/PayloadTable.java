package dev.islet.voip.media;

import dev.islet.voip.model.MediaPayload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What payload type numbers mean in one call. Numbers are taken from the descriptions of both
 * phones: a phone sends with the numbers the other one listed (RFC 3264 §5.1), which are nearly
 * always the same. Until told, the fixed numbers of RFC 3551 hold.
 */
final class PayloadTable {
  private final @Nullable MediaPayload[] payloads = new MediaPayload[128];
  private final int[] clockRates = new int[128];
  private final boolean[] events = new boolean[128];
  private final boolean[] comfort = new boolean[128];

  PayloadTable() {
    for (int type = 0; type < 128; type++) {
      MediaPayload.wellKnown(type).ifPresent(this::put);
    }
  }

  /** Learns the numbers of one description; numbers it does not name keep their meaning. */
  void learn(List<MediaPayload> described) {
    described.forEach(this::put);
  }

  /** Ticks a second, 0 if unknown. */
  int clockRate(int type) {
    return clockRates[type];
  }

  boolean telephoneEvent(int type) {
    return events[type];
  }

  boolean comfortNoise(int type) {
    return comfort[type];
  }

  Optional<MediaPayload> payload(int type) {
    return Optional.ofNullable(payloads[type]);
  }

  private void put(MediaPayload payload) {
    payloads[payload.type()] = payload;
    clockRates[payload.type()] = payload.clockRate();
    events[payload.type()] = payload.telephoneEvent();
    comfort[payload.type()] = payload.comfortNoise();
  }
}
