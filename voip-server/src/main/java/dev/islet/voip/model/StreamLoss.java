package dev.islet.voip.model;

/**
 * What became of the packets of a stream (RFC 3550 A.3).
 *
 * @param expected how many the sequence numbers say were sent
 * @param lost expected less received; negative when the network duplicated more than it lost
 * @param duplicates packets whose sequence number had been seen before, among the received
 * @param reordered packets that came after one with a higher sequence number, among the received
 */
public record StreamLoss(long expected, long lost, long duplicates, long reordered) {
  /**
   * How many packets never came at all: lost, with duplicates not set off against them. What the
   * listener misses.
   */
  public long missing() {
    return Math.max(0, lost + duplicates);
  }

  /** Missing packets in percent of the expected; 0 when nothing was expected. */
  public double missingPercent() {
    return expected == 0 ? 0 : 100.0 * missing() / expected;
  }

  /** Lost packets in percent of the expected; 0 when nothing was expected. */
  public double percent() {
    return expected == 0 ? 0 : 100.0 * lost / expected;
  }
}
