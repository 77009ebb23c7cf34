package dev.islet.voip.registrar;

/** What came of looking at the credentials of a request. */
public sealed interface Verdict {
  /** They are right. */
  record Granted(Account account) implements Verdict {}

  /**
   * There are none that count: ask for some.
   *
   * @param stale the password was right, only the nonce is used up
   */
  record Ask(boolean stale) implements Verdict {}

  /** They are wrong: ask again, and count it. */
  record Wrong(String user, String why) implements Verdict {}

  /** Too many wrong ones came from there: say nothing. */
  record Silence() implements Verdict {}
}
