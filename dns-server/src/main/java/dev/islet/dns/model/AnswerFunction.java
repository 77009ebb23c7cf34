package dev.islet.dns.model;

import java.util.Optional;

/**
 * Answers of the embedding program for names below a suffix. Called on a receiving thread: be
 * quick, ask nobody. Empty passes the question on down the chain.
 */
@FunctionalInterface
public interface AnswerFunction {
  Optional<Answer> answer(Question question);
}
