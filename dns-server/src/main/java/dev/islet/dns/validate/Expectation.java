package dev.islet.dns.validate;

/**
 * Whether signatures are to be expected of the servers asked.
 *
 * <p>They must give them, or they may (mode {@code auto}): then nothing is checked as long as none
 * come, and nobody waits for those that do not. Once they came they must come.
 */
final class Expectation {
  private final boolean must;
  private final long pause;
  private boolean came;
  private boolean missing;
  private boolean told;
  private long lookAt = Long.MIN_VALUE;

  /**
   * @param must whether an answer without signatures is never let through for lack of them
   * @param limits how long after none came it is looked again
   */
  Expectation(boolean must, ValidateLimits limits) {
    this.must = must;
    this.pause = limits.stripped().toNanos();
  }

  /** Whether it is not known yet that they come, so that none may have to do. */
  boolean unsure() {
    return !must && !came;
  }

  /** Whether nothing is checked since none come. */
  boolean missing() {
    return missing;
  }

  /** Whether it is time to look again whether they come; said once in a while. */
  boolean look(long now) {
    boolean due = missing && lookAt <= now;
    if (due) {
      lookAt = now + pause;
    }
    return due;
  }

  /** They came; whether that is news. */
  boolean came() {
    boolean news = !came;
    came = true;
    missing = false;
    return news;
  }

  /** They did not come in time: until it is known better nothing is checked. */
  void late(long now) {
    missing = unsure();
    lookAt = now + pause;
  }

  /** They did not come where they must be; whether the operator is to hear of it. */
  boolean absent(long now) {
    late(now);
    boolean news = !told;
    told = true;
    return news;
  }
}
