package dev.islet.dns.validate;

import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Security;
import java.util.Optional;
import java.util.Set;

/** What a hearing found of a part of an answer. */
sealed interface Finding {
  /** These sets are needed first. */
  record Missing(Set<Question> questions) implements Finding {
    public Missing {
      questions = Set.copyOf(questions);
    }
  }

  /** It should be signed by a chain of keys, and is not. */
  record Bogus(ExtendedError why) implements Finding {}

  /**
   * It may be passed on.
   *
   * @param why it is no more than insecure
   */
  record Fine(Security security, Optional<ExtendedError> why) implements Finding {}

  static Finding bogus(int code, String text) {
    return new Bogus(new ExtendedError(code, text));
  }

  static Finding insecure(ExtendedError why) {
    return new Fine(Security.INSECURE, Optional.of(why));
  }
}
