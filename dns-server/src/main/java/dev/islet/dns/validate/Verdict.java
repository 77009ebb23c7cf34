package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import java.util.Set;

/** What a hearing ended with. */
sealed interface Verdict {
  /** It goes on when these sets are known. */
  record Adjourned(Set<Question> questions) implements Verdict {
    public Adjourned {
      questions = Set.copyOf(questions);
    }
  }

  /**
   * This is the answer.
   *
   * @param bogus whether what came was, so that the answer is a failure
   * @param signedFor seconds until the first of its signatures ends; 0 if it is not secure
   * @param why for people
   */
  record Given(Answer answer, boolean bogus, long signedFor, String why) implements Verdict {}
}
