package dev.islet.dns.filter;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.RrSet;
import org.xbill.DNS.Name;

/** What the filter wants done with a question or an answer. */
public sealed interface Verdict {
  Verdict PASS = new Pass("");

  /**
   * Nothing.
   *
   * @param why the exception that let it through; empty if nothing is about the name
   */
  record Pass(String why) implements Verdict {}

  /** Say this in place of the truth. */
  record Say(Answer answer, String why) implements Verdict {}

  /** Say nothing at all. */
  record Drop(String why) implements Verdict {}

  /** Say that the name is an alias, and go on with its target, which is not filtered again. */
  record Rewrite(RrSet alias, Name target, String why) implements Verdict {}
}
