package dev.islet.voip.call;

import dev.islet.voip.transaction.Transactions;
import java.util.random.RandomGenerator;

/** Makes tags, branches and Call-IDs that nobody can guess (RFC 3261 §19.3). */
public final class Tokens {
  private final RandomGenerator random;

  /** Takes a source that cannot be predicted, outside tests. */
  public Tokens(RandomGenerator random) {
    this.random = random;
  }

  /** A dialog tag of 64 bits. */
  public String tag() {
    return text();
  }

  /** A branch for a new transaction. */
  public String branch() {
    return Transactions.COOKIE + text();
  }

  /** A Call-ID of 128 bits. */
  public String callId() {
    return text() + text();
  }

  /** Seconds to wait before trying again, from 0 to 10 (RFC 3261 §14.2). */
  public int pause() {
    return random.nextInt(11);
  }

  private String text() {
    return "%016x".formatted(random.nextLong());
  }
}
