package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.xbill.DNS.Rcode;

/**
 * All questions under way. The same question is one job, whoever wants it; jobs may need one
 * another, but never in a circle.
 */
final class Jobs {
  /** Questions that answers of ours lead to come on top of those of askers. */
  private static final int INNER = 4;

  private record Due(long at, long job) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(job, other.job);
    }
  }

  private record Entry(Job job, Task task) {}

  private final ResolveLimits limits;
  private final Stage stage;
  private final Map<CacheKey, Entry> open = new HashMap<>();
  private final TreeMap<Due, Entry> due = new TreeMap<>();
  private long next = 1;
  private int waiting;

  Jobs(ResolveLimits limits, Stage stage) {
    this.limits = limits;
    this.stage = stage;
  }

  int size() {
    return open.size();
  }

  /** When the time of a job is over next. */
  long deadline() {
    return due.isEmpty() ? Long.MAX_VALUE : due.firstKey().at();
  }

  /** Somebody outside wants an answer. */
  void want(CacheKey key, Consumer<Answer> then, long deadline, Function<Job, Task> way) {
    var entry = open.get(key);
    boolean full = waiting >= limits.waiters() || entry == null && open.size() >= limits.jobs();
    if (full) {
      var busy = Answer.of(Rcode.SERVFAIL, ExtendedError.PROHIBITED, "too much is under way");
      stage.act(new ResolveAction.Done(key, busy, false, List.of(then)));
      return;
    }
    waiting++;
    (entry == null ? begin(key, deadline, way) : entry.job).waiters.add(then);
  }

  /**
   * A job needs another's answer; its task is told in this moment or later.
   *
   * @return why that cannot be, if so
   */
  Optional<String> need(Job by, CacheKey key, long deadline, Function<Job, Task> way) {
    var entry = open.get(key);
    if (entry != null && reaches(entry.job, by, new HashSet<>())) {
      return Optional.of("it goes in a circle");
    }
    if (entry == null && open.size() >= INNER * limits.jobs()) {
      return Optional.of("too much is under way");
    }
    var other = entry == null ? begin(key, deadline, way) : entry.job;
    by.needs.add(other);
    other.neededBy.add(by);
    return Optional.empty();
  }

  /** Something is worth knowing though nobody waits for it. */
  void prepare(CacheKey key, long deadline, Function<Job, Task> way) {
    if (!open.containsKey(key) && open.size() < limits.jobs()) {
      begin(key, deadline, way);
    }
  }

  /**
   * A job has its answer.
   *
   * @param keep whether it is worth caching
   */
  void done(Job job, Answer answer, boolean keep) {
    if (job.over) {
      return;
    }
    job.over = true;
    open.remove(job.key);
    due.remove(new Due(job.deadline, job.number));
    waiting -= job.waiters.size();
    job.needs.forEach(n -> n.neededBy.remove(job));
    stage.act(new ResolveAction.Done(job.key, answer, keep, job.waiters));
    for (var dependent : job.neededBy) {
      dependent.needs.remove(job);
      var entry = open.get(dependent.key);
      if (entry != null) {
        stage.later(
            () -> {
              if (!dependent.over) {
                entry.task.told(job, answer);
              }
            });
      }
    }
  }

  /** Tells those whose time is over. */
  void onTime() {
    while (deadline() <= stage.now()) {
      var entry = due.pollFirstEntry().getValue();
      if (!entry.job.over) {
        entry.task.late();
      }
    }
  }

  private Job begin(CacheKey key, long deadline, Function<Job, Task> way) {
    var job = new Job(next++, key, deadline);
    var task = way.apply(job);
    var entry = new Entry(job, task);
    open.put(key, entry);
    due.put(new Due(deadline, job.number), entry);
    stage.later(task::begin);
    return job;
  }

  private static boolean reaches(Job from, Job to, Set<Job> seen) {
    if (from == to) {
      return true;
    }
    for (var needed : from.needs) {
      if (seen.add(needed) && reaches(needed, to, seen)) {
        return true;
      }
    }
    return false;
  }
}
