package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.resolve.ResolveEvent;

/** What can happen to the {@link ValidateEngine}. */
public sealed interface ValidateEvent {
  /** Seconds since 1970 by the wall clock when it happened. */
  long wall();

  /** Somebody wants to know, and wants it checked. */
  record Wanted(ResolveEvent.Wanted what, long wall) implements ValidateEvent {}

  /**
   * An answer came that was asked for.
   *
   * @param job number of the {@link ValidateAction.Ask} or {@link ValidateAction.Fetch}
   */
  record Fetched(long job, Question about, Answer answer, long wall) implements ValidateEvent {}
}
