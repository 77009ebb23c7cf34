package dev.islet.monitor;

import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.monitor.admin.MonitorMetrics;
import dev.islet.monitor.board.BoardView;
import dev.islet.monitor.board.Readings;
import dev.islet.monitor.model.MonitorEvent;
import dev.islet.monitor.model.Sample;
import dev.islet.monitor.model.ServiceSample;
import dev.islet.monitor.model.Target;
import dev.islet.monitor.transport.KernelFiles;
import dev.islet.monitor.transport.Processes;
import dev.islet.monitor.transport.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sample a second of what the kernel and the services say, on a thread of its own, and at
 * once one more when a service is in another state, so that nobody waits for the next second to
 * hear of it.
 */
final class Sampler implements AutoCloseable {
  private static final long SECOND = 1_000_000_000L;

  private final KernelFiles kernel;
  private final TimeSource time;
  private final Trace<MonitorEvent> trace;
  private final MonitorMetrics metrics;
  private final UnaryOperator<Sample> judge;
  private final Consumer<Sample> each;
  private final Consumer<Sample> between;
  private final List<Watch> watches = new ArrayList<>();
  private final Map<String, String> states = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Readings before;
  private @Nullable Sample last;
  private long processor;
  private long processorAt;

  /**
   * @param judge adds the alerts
   * @param each is given the sample of every second
   * @param between is given those in between, which tell of nothing but states
   */
  Sampler(
      KernelFiles kernel,
      TimeSource time,
      Trace<MonitorEvent> trace,
      MonitorMetrics metrics,
      UnaryOperator<Sample> judge,
      Consumer<Sample> each,
      Consumer<Sample> between) {
    this.kernel = kernel;
    this.time = time;
    this.trace = trace;
    this.metrics = metrics;
    this.judge = judge;
    this.each = each;
    this.between = between;
    this.thread = Thread.ofVirtual().name("monitor-sample").unstarted(this::repeat);
  }

  /** Says who is to be watched, before the start. */
  void watch(List<Target> targets, Duration askEvery) {
    for (var target : targets) {
      watches.add(new Watch(target, askEvery, this::stateChanged));
    }
  }

  Sampler start() {
    watches.forEach(Watch::start);
    thread.start();
    return this;
  }

  List<Watch> watches() {
    return List.copyOf(watches);
  }

  private void repeat() {
    long next = System.nanoTime();
    while (!closed) {
      try {
        tick();
      } catch (RuntimeException e) {
        System.getLogger("islet.monitor").log(System.Logger.Level.WARNING, "no sample", e);
      }
      next += SECOND;
      long behind = (System.nanoTime() - next) / SECOND;
      if (behind > 0) { // the board slept, or had no time for us
        metrics.late(behind);
        next += behind * SECOND;
      }
      while (!closed && next - System.nanoTime() > 0) {
        LockSupport.parkNanos(next - System.nanoTime());
        if (Thread.interrupted()) {
          return;
        }
      }
    }
  }

  private synchronized void tick() {
    var now = kernel.read(time.now());
    var view = new BoardView(before == null ? now : before, now);
    before = now;
    var sample =
        new Sample(
            time.wall().toEpochMilli(),
            kernel.host(),
            view.board(kernel.path(), kernel.total(), kernel.free()),
            view.interfaces(kernel.links()),
            services(),
            List.of(),
            self());
    var judged = judge.apply(sample);
    last = judged;
    metrics.sample();
    each.accept(judged);
  }

  /** Told by a watch, on its thread. */
  private synchronized void stateChanged() {
    var known = last;
    if (known == null || closed) {
      return;
    }
    var sample =
        new Sample(
            time.wall().toEpochMilli(),
            known.host(),
            known.board(),
            known.interfaces(),
            services(),
            known.alerts(),
            known.monitor());
    last = sample;
    between.accept(sample);
  }

  private List<ServiceSample> services() {
    var all = new ArrayList<ServiceSample>();
    var processes = new LinkedHashMap<String, String>();
    for (var watch : watches) {
      var sample = watch.sample();
      all.add(sample);
      processes.put(sample.name(), watch.process());
      var was = states.put(sample.name(), sample.state());
      if (was != null && !was.equals(sample.state())) {
        var why = sample.why() == null ? "" : sample.why();
        metrics.changed(sample.state());
        trace.emit(new MonitorEvent.StateChanged(sample.name(), was, sample.state(), why));
      }
    }
    return Processes.shared(all, processes);
  }

  /** The whole process, if the monitor shares it with services. */
  private Sample.Self self() {
    var is = kernel.processor();
    var memory = kernel.resident();
    if (is == null) {
      return new Sample.Self(null, memory);
    }
    long at = System.nanoTime();
    Double share =
        processorAt == 0 ? null : Double.valueOf((is - processor) / (double) (at - processorAt));
    processor = is;
    processorAt = at;
    return new Sample.Self(share, memory);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    watches.forEach(Watch::close);
  }
}
