package dev.islet.voip.media;

import java.time.Duration;

/**
 * How a relay is set up.
 *
 * @param firstPort lowest RTP port, even after rounding up; 0 lets the system choose free ports
 * @param lastPort highest port, inclusive, for RTCP at most; ignored if firstPort is 0
 * @param quarantine how long a port rests after a call, so that late packets of one call never
 *     reach the next
 * @param silence after how much time without media {@code onSilence} is told; zero for never
 * @param maxCalls an upper bound beside the ports
 */
public record RelayOptions(
    int firstPort, int lastPort, Duration quarantine, Duration silence, int maxCalls) {
  public RelayOptions {
    if (firstPort != 0 && (firstPort < 1024 || lastPort > 65_535 || lastPort - firstPort < 3)) {
      throw new IllegalArgumentException(
          "RTP ports " + firstPort + "-" + lastPort + " must lie in 1024-65535 and be at least 4");
    }
    if (maxCalls < 1) {
      throw new IllegalArgumentException("maxCalls is " + maxCalls + ", expected at least 1");
    }
  }

  /** Ports from the range, 10 s quarantine, 2 min silence, 1000 calls. */
  public static RelayOptions ports(int first, int last) {
    return new RelayOptions(first, last, Duration.ofSeconds(10), Duration.ofMinutes(2), 1_000);
  }
}
