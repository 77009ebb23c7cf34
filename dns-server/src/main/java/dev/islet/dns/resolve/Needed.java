package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;
import org.xbill.DNS.Rcode;

/** What became of a need for another answer. */
sealed interface Needed {
  /** In words, for the trace. */
  String why();

  /** It is there. */
  record Here(Answer answer) implements Needed {
    @Override
    public String why() {
      return "known already, " + Rcode.string(answer.rcode());
    }
  }

  /** It is under way; the task is told. */
  record Later() implements Needed {
    @Override
    public String why() {
      return "a question of its own";
    }
  }

  /** It cannot be had. */
  record Refused(String why) implements Needed {}
}
