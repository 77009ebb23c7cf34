package dev.islet.dns.chain;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Source;
import dev.islet.dns.resolve.Inquiry;
import java.util.Optional;

/** What the chain decided about a question. */
public sealed interface Step {
  /**
   * Say this.
   *
   * @param why the decision, for the trace
   */
  record Said(Answer answer, Source source, String why) implements Step {}

  /**
   * Say nothing.
   *
   * @param why the decision, for the trace
   */
  record Drop(String why) implements Step {}

  /**
   * Ask others, and say what they say.
   *
   * @param way of aliases of our own that come before it
   * @param six what was said to the question for IPv6 addresses, if IPv4 addresses are asked for in
   *     place of them (RFC 6147 section 5.1.6)
   */
  record Ask(Inquiry inquiry, Way way, Optional<Answer> six) implements Step {}
}
