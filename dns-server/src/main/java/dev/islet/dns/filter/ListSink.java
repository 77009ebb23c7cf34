package dev.islet.dns.filter;

/** Takes what a {@link ListReader} finds. */
@FunctionalInterface
public interface ListSink {
  /**
   * A rule.
   *
   * @param line from 1
   * @param wire the name in lower case from index 0, ended by the root; valid during the call
   * @param scope {@link DomainSet#SELF}, {@link DomainSet#BELOW} or both
   * @param condition modifiers, or a record of RPZ as {@code ttl type data}; mostly empty
   */
  void rule(int line, byte[] wire, int scope, Verb verb, String condition);

  /** A line that says something which is not taken, and why not; of no interest to most. */
  default void skip(int line, String reason) {}
}
