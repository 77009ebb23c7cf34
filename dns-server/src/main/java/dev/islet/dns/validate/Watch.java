package dev.islet.dns.validate;

import java.util.function.Consumer;

/**
 * What the engine goes by when it looks at the wall clock: whether that is trusted, what keys of
 * trust anchors told about it, and what of that is to be kept.
 */
final class Watch {
  private static final long FLOOR_STEP = 3_600;

  private final Clock clock;
  private final Runnable forget;
  private boolean trusted;
  private boolean first = true;
  private long keptFloor;

  /**
   * @param floor seconds since 1970 that are known to be past; 0 if none are
   * @param forget makes void what was found under another opinion of the clock
   */
  Watch(long floor, Runnable forget) {
    this.clock = new Clock(floor);
    this.keptFloor = clock.floor();
    this.forget = forget;
  }

  boolean trusted() {
    return trusted;
  }

  /** A moment for what begins by itself, before the wall clock is looked at. */
  Moment untimed(long now) {
    return new Moment(now, clock.floor(), false);
  }

  /** Looks at the clock. */
  Moment moment(long now, long wall, Consumer<? super ValidateAction> out) {
    boolean before = trusted;
    trusted = clock.trusts(wall);
    if (first || before != trusted) {
      if (!first || !trusted) {
        forget.run();
        out.accept(new ValidateAction.ClockJudged(trusted));
      }
      first = false;
    }
    var moment = new Moment(now, wall, trusted);
    if (clock.jumped(moment)) {
      forget.run();
    }
    return moment;
  }

  /**
   * Learns from the keys of trust anchors that a hearing saw.
   *
   * @param ceiling whether keys that are out of date may make the clock a wrong one
   * @return whether the clock is to be looked at again, and the hearing held again
   */
  boolean corrected(Hearing hearing, boolean ceiling, Consumer<? super ValidateAction> out) {
    var moment = hearing.moment();
    if (moment.trusted() && hearing.signedAt().isPresent()) {
      clock.atLeast(hearing.signedAt().getAsLong());
      keep(out);
      return true;
    }
    if (moment.trusted()
        && ceiling
        && hearing.overSince().isPresent()
        && clock.over(moment, hearing.overSince().getAsLong())) {
      return true;
    }
    if (hearing.isTimely()) {
      clock.timely(moment);
      return moment(moment.now(), moment.wall(), out).trusted();
    }
    if (hearing.isAnchored() && moment.trusted()) {
      clock.timely(moment);
      keep(out);
    }
    return false;
  }

  private void keep(Consumer<? super ValidateAction> out) {
    if (clock.floor() >= keptFloor + FLOOR_STEP) {
      keptFloor = clock.floor();
      out.accept(new ValidateAction.KeepFloor(keptFloor));
    }
  }
}
