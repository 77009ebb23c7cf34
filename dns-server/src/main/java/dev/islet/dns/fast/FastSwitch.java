package dev.islet.dns.fast;

import java.util.function.BooleanSupplier;

/** Where the lanes of all receiving threads find the rules of now. */
public final class FastSwitch {
  private final BooleanSupplier watched;
  private volatile FastRules rules = FastRules.CLOSED;

  /**
   * @param watched whether somebody wants to see every question, so that the lane is closed
   */
  public FastSwitch(BooleanSupplier watched) {
    this.watched = watched;
  }

  /** From the next question on, these hold. */
  public void set(FastRules next) {
    rules = next;
  }

  FastRules now() {
    return watched.getAsBoolean() ? FastRules.CLOSED : rules;
  }
}
