package dev.islet.voip.model;

import java.time.Duration;

/** What is to become of a call. */
public sealed interface Routing {
  /**
   * Rings every phone of an extension; the first that answers has the call.
   *
   * @param extension whom
   * @param timeout how long; after it the caller gets 480
   */
  record Ring(String extension, Duration timeout) implements Routing {
    public Ring {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("a phone rings for more than no time, got " + timeout);
      }
    }
  }

  /**
   * Turns the call down.
   *
   * @param code from 400 to 699
   */
  record Reject(int code) implements Routing {
    public Reject {
      if (code < 400 || code > 699) {
        throw new IllegalArgumentException("a rejection is from 400 to 699, got " + code);
      }
    }
  }
}
