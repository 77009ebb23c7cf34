package dev.islet.voip.transaction;

/** The base timers of RFC 3261 §17, appendix A, in nanoseconds. */
public final class TimerValues {
  /** An estimate of the round trip: 500 ms. */
  public static final long T1 = 500_000_000L;

  /** The longest interval between repeats of anything but an INVITE: 4 s. */
  public static final long T2 = 8 * T1;

  /** How long a message stays in the network: 5 s. */
  public static final long T4 = 10 * T1;

  /** How long a transaction is tried: 32 s. */
  public static final long GIVE_UP = 64 * T1;

  private TimerValues() {}
}
