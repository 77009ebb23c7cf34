package dev.islet.dns.validate;

import dev.islet.core.engine.Engine;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.validate.ValidateAction.Waiter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A question whose answer is asked for and checked, with all who wait for it. */
final class Job {
  final long number;
  final Hearing hearing;
  final List<Waiter> waiters = new ArrayList<>();
  final Set<Question> asked = new HashSet<>();
  final Set<Question> awaited = new HashSet<>();
  final Set<Question> used = new HashSet<>();
  final List<InetSocketAddress> upstreams;
  final long deadline;
  @Nullable Answer answer;

  /** When the answer goes out unchecked if it is not known yet whether signatures come. */
  long patience = Engine.NEVER;

  /** How often it was asked of others since what came was false. */
  int again;

  Job(long number, Hearing hearing, List<InetSocketAddress> upstreams, long deadline) {
    this.number = number;
    this.hearing = hearing;
    this.upstreams = upstreams;
    this.deadline = deadline;
  }
}
