package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A question under way, with all who wait for it. */
final class Job {
  final long number;
  final CacheKey key;
  final long began;
  final long deadline;
  final List<Consumer<Answer>> waiters = new ArrayList<>();

  /** Jobs that this one waits for. */
  final Set<Job> needs = new LinkedHashSet<>();

  /** Jobs that wait for this one. */
  final Set<Job> neededBy = new LinkedHashSet<>();

  boolean over;

  /** Whether what it failed of was another question's budget: one with more may try again. */
  boolean starved;

  /** Whether it might not fail if it were reached in another way: not to be remembered. */
  boolean accidental;

  Job(long number, CacheKey key, long began, long deadline) {
    this.number = number;
    this.key = key;
    this.began = began;
    this.deadline = deadline;
  }
}
