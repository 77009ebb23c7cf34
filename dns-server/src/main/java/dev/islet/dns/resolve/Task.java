package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;

/** The way in which a {@link Job} gets its answer. */
interface Task {
  /** Begins; called once. */
  void begin();

  /** Another job that this one needed has its answer. */
  void told(Job other, Answer answer);

  /** The job's time is over. */
  void late();
}
