package dev.islet.dns.resolve;

import dev.islet.dns.cache.AnswerCache;
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

  /** Who waits so long is given a stale answer, if there is one (RFC 8767 section 5). */
  private static final long PATIENCE = 1_800_000_000L;

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
  private final AnswerCache cache;
  private final Map<CacheKey, Entry> open = new HashMap<>();
  private final TreeMap<Due, Entry> due = new TreeMap<>();
  private final TreeMap<Due, Job> impatient = new TreeMap<>();
  private long next = 1;
  private int waiting;

  Jobs(ResolveLimits limits, Stage stage, AnswerCache cache) {
    this.limits = limits;
    this.stage = stage;
    this.cache = cache;
  }

  int size() {
    return open.size();
  }

  /** When the time of a job, or the patience of those who wait for it, is over next. */
  long deadline() {
    long over = due.isEmpty() ? Long.MAX_VALUE : due.firstKey().at();
    return impatient.isEmpty() ? over : Math.min(over, impatient.firstKey().at());
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
    var job = entry == null ? begin(key, deadline, way) : entry.job;
    job.waiters.add(then);
    if (job.waiters.size() == 1 && cache.stale(key, stage.now()).isPresent()) {
      impatient.put(new Due(job.began + PATIENCE, job.number), job);
    }
  }

  /** Those who wait get what was true before; the job goes on (RFC 8767 section 5). */
  private void standIn(Job job) {
    var older = cache.stale(job.key, stage.now());
    if (older.isPresent() && !job.over) {
      waiting -= job.waiters.size();
      stage.act(new ResolveAction.Done(job.key, older.get(), false, job.waiters));
      job.waiters.clear();
    }
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
    impatient.remove(new Due(job.began + PATIENCE, job.number));
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
    while (!impatient.isEmpty() && impatient.firstKey().at() <= stage.now()) {
      standIn(impatient.pollFirstEntry().getValue());
    }
    while (!due.isEmpty() && due.firstKey().at() <= stage.now()) {
      var entry = due.pollFirstEntry().getValue();
      if (!entry.job.over) {
        entry.task.late();
      }
    }
  }

  private Job begin(CacheKey key, long deadline, Function<Job, Task> way) {
    var job = new Job(next++, key, stage.now(), deadline);
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
