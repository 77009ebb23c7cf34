package dev.islet.router.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the router runs, once configuration and code have been read.
 *
 * @param fib where best routes go
 * @param kernel how they are written there
 * @param statics the configured routes
 * @param rip RIP, if it runs
 */
public record RouterSettings(
    Fib fib, Kernel kernel, List<Route> statics, Optional<RipSettings> rip) {
  public RouterSettings {
    statics = List.copyOf(statics);
  }

  /**
   * How routes are written to the kernel.
   *
   * @param table the routing table; 254 is main
   * @param protocol marks our routes ({@code rtm_protocol}), so that they are told from everybody
   *     else's and found again after a crash
   * @param metric of our routes there; the smaller wins against others' routes to the same prefix
   * @param grace how long routes of an earlier life are kept while nobody announces them
   * @param keep whether our routes stay on an orderly stop
   * @param reconcile time between comparisons when nothing else asks for one
   */
  public record Kernel(
      int table, int protocol, int metric, Duration grace, boolean keep, Duration reconcile) {
    /**
     * Our mark unless configured. Free in the kernel's list and in iproute2's, where FRR's daemons
     * have 11 and 186 to 197, BIRD 12 and babeld 42.
     */
    public static final int PROTOCOL = 114;

    /** The main table. */
    public static final int MAIN = 254;
  }
}
