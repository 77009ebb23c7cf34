package dev.islet.voip.media;

import dev.islet.voip.wire.RtcpView;
import java.util.Optional;

/**
 * The round trip between relay and one phone, read from reports passing by (RFC 3550 §6.4.1).
 *
 * <p>A sender report of the other phone goes through the relay to this phone; later this phone's
 * report says which one it got last (LSR) and how long it kept it (DLSR). What is left of the time
 * between is the way from the relay to the phone and back. Our own clock alone measures it.
 */
final class RoundTrip {
  private static final int REMEMBERED = 8;

  private final int[] sources = new int[REMEMBERED];
  private final int[] middles = new int[REMEMBERED];
  private final long[] passedAt = new long[REMEMBERED];
  private int next;
  private double millis = -1;

  /** A sender report is on its way to this phone. */
  void sent(long now, int ssrc, int middleNtp) {
    sources[next] = ssrc;
    middles[next] = middleNtp;
    passedAt[next] = now;
    next = (next + 1) % REMEMBERED;
  }

  /** This phone reports. */
  void reported(long now, RtcpView report, int block) {
    int last = report.lastReport(block);
    if (last == 0) {
      return;
    }
    for (int i = 0; i < REMEMBERED; i++) {
      if (passedAt[i] != 0 && middles[i] == last && sources[i] == report.blockSsrc(block)) {
        double kept = Integer.toUnsignedLong(report.delaySinceLastReport(block)) * 1_000.0 / 65_536;
        double round = (now - passedAt[i]) / 1e6 - kept;
        // Rounding of DLSR makes very short ways come out a little below zero.
        if (round > -1) {
          millis = Math.max(0, round);
        }
        return;
      }
    }
  }

  Optional<Double> millis() {
    return millis < 0 ? Optional.empty() : Optional.of(millis);
  }
}
