package dev.islet.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.time.TimeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EngineLoopTest {
  /** Answers each word; "fail" throws, "wait" waits for the gate, "in <ms>" sets the deadline. */
  private static final class Echo implements Engine<String, String> {
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    private long deadline = NEVER;
    volatile boolean faultyDeadline;

    @Override
    public void on(long now, String event, Consumer<? super String> out) {
      if (event.equals("fail")) {
        throw new IllegalStateException("as asked");
      }
      if (event.equals("wait")) {
        waiting.countDown();
        try {
          gate.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      if (event.startsWith("in ")) {
        deadline = now + Long.parseLong(event.substring(3)) * 1_000_000;
      }
      out.accept(event);
    }

    @Override
    public void onTime(long now, Consumer<? super String> out) {
      out.accept("time" + (now >= deadline ? "" : " too early"));
      deadline = NEVER;
    }

    @Override
    public long deadline() {
      if (faultyDeadline) {
        throw new IllegalStateException("no deadline");
      }
      return deadline;
    }
  }

  /** Keeps what is said and hands it on at each flush, as a committing outlet does. */
  private static final class Batches implements Outlet<String> {
    final List<String> kept = new ArrayList<>();
    final LinkedBlockingQueue<List<String>> flushed = new LinkedBlockingQueue<>();

    @Override
    public void perform(String action) {
      kept.add(action);
    }

    @Override
    public void flush() {
      if (!kept.isEmpty()) {
        flushed.add(List.copyOf(kept));
        kept.clear();
      }
    }

    List<String> next(int count) throws InterruptedException {
      var all = new ArrayList<String>();
      while (all.size() < count) {
        var some = flushed.poll(10, TimeUnit.SECONDS);
        assertThat(some).as("after " + all).isNotNull();
        all.addAll(some);
      }
      return all;
    }
  }

  private final Echo engine = new Echo();
  private final Batches outlet = new Batches();

  private EngineLoop<String, String> start(int capacity) {
    return EngineLoop.start(
        "test-loop", engine, TimeSource.system(), outlet, (_, _) -> {}, capacity);
  }

  @Test
  void eventsAreRecordedHandledAndFlushedInOrder() throws Exception {
    var recorded = Collections.synchronizedList(new ArrayList<String>());
    try (var loop =
        EngineLoop.start(
            "test-loop", engine, TimeSource.system(), outlet, (_, e) -> recorded.add(e), 16)) {
      for (int i = 0; i < 10; i++) {
        assertThat(loop.offer("e" + i)).isTrue();
      }
      assertThat(outlet.next(10))
          .containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9");
      assertThat(recorded).hasSize(10).startsWith("e0");
      assertThat(loop.failures()).isZero();
    }
  }

  @Test
  void eventsPerformedAreDoneAsOneBatchWhenTheCallReturns() throws Exception {
    try (var loop = start(16)) {
      assertThat(loop.perform(List.of("a", "fail", "b"))).isTrue();
      assertThat(outlet.flushed.poll()).containsExactly("a", "b");
      assertThat(loop.failures()).isEqualTo(1);
      // A deadline that comes sooner than the thread expected wakes it.
      assertThat(loop.perform(List.of("in 1"))).isTrue();
      assertThat(outlet.next(2)).containsExactly("in 1", "time");
    }
  }

  @Test
  void eventsPerformedWaitForTheirTurnAndAreRefusedAtTheEnd() throws Exception {
    var loop = start(16);
    loop.offer("wait");
    engine.waiting.await();
    var performed = new FutureTask<>(() -> loop.perform(List.of("later")));
    var thread = new Thread(performed);
    thread.start();
    engine.gate.countDown();
    assertThat(performed.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(outlet.next(2)).containsExactly("wait", "later");
    loop.close();
    assertThat(loop.perform(List.of("too late"))).isFalse();
    assertThat(outlet.flushed).isEmpty();
  }

  @Test
  void aBusyLoopFlushesAfterEachBatch() throws Exception {
    try (var loop = start(1000)) {
      loop.offer("wait");
      engine.waiting.await();
      for (int i = 0; i < 500; i++) {
        assertThat(loop.offer("x")).isTrue();
      }
      engine.gate.countDown();
      outlet.next(1);
      var sizes = new ArrayList<Integer>();
      for (int seen = 0; seen < 437; ) {
        var batch = outlet.flushed.poll(10, TimeUnit.SECONDS);
        assertThat(batch).isNotNull();
        sizes.add(batch.size());
        seen += batch.size();
      }
      assertThat(sizes).allMatch(size -> size <= 64).contains(64);
    }
  }

  @Test
  void aFullQueueRefuses() throws Exception {
    try (var loop = start(2)) {
      loop.offer("wait");
      engine.waiting.await();
      assertThat(loop.offer("a")).isTrue();
      assertThat(loop.offer("b")).isTrue();
      assertThat(loop.offer("c")).isFalse();
      engine.gate.countDown();
      assertThat(outlet.next(3)).containsExactly("wait", "a", "b");
    }
  }

  @Test
  void closingWithAFullQueueHandlesAndFlushesWhatIsQueued() throws Exception {
    var loop = start(2);
    loop.offer("wait");
    engine.waiting.await();
    loop.offer("a");
    loop.offer("b");
    var closing = Thread.ofPlatform().start(loop::close);
    engine.gate.countDown();
    closing.join();
    assertThat(outlet.next(3)).containsExactly("wait", "a", "b");
    assertThat(outlet.kept).isEmpty();
    assertThat(loop.offer("late")).isFalse();
  }

  @Test
  void anExceptionOfEngineOrOutletIsCountedAndTheLoopGoesOn() throws Exception {
    Outlet<String> faulty =
        action -> {
          if (action.equals("bad outlet")) {
            throw new StackOverflowError();
          }
          outlet.flushed.add(List.of(action));
        };
    try (var loop = EngineLoop.start("test-loop", engine, TimeSource.system(), faulty)) {
      loop.offer("fail");
      loop.offer("bad outlet");
      loop.offer("good");
      assertThat(outlet.next(1)).containsExactly("good");
      assertThat(loop.failures()).isEqualTo(2);
    }
  }

  @Test
  void aDeadlineWakesTheEngine() throws Exception {
    try (var loop = start(16)) {
      loop.offer("in 30");
      assertThat(outlet.next(2)).containsExactly("in 30", "time");
    }
  }

  @Test
  void anEngineThatCannotTellItsDeadlineDoesNotEndTheLoop() throws Exception {
    try (var loop = start(16)) {
      engine.faultyDeadline = true;
      loop.offer("a");
      outlet.next(1);
      engine.faultyDeadline = false;
      loop.offer("b");
      assertThat(outlet.next(1)).containsExactly("b");
      assertThat(loop.failures()).isPositive();
    }
  }

  @Test
  void questionsAreAnsweredBetweenEventsOnTheLoopsThread() throws Exception {
    try (var loop = start(16)) {
      assertThat(loop.ask(() -> Thread.currentThread().getName())).isEqualTo("test-loop");
      assertThat(loop.<String>ask(() -> loop.ask(() -> "nested"))).isEqualTo("nested");
      assertThatThrownBy(
              () ->
                  loop.ask(
                      () -> {
                        throw new IllegalArgumentException("no answer");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseMessage("no answer");
    }
  }

  @Test
  void aLoopThatHasEndedAnswersNoMore() {
    var loop = start(16);
    loop.close();
    loop.close();
    assertThatThrownBy(() -> loop.ask(() -> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has ended");
    assertThat(loop.offer("x")).isFalse();
  }

  @Test
  void aQuestionAskedWhileTheLoopEndsDoesNotHang() throws Exception {
    var loop = start(4);
    loop.offer("wait");
    engine.waiting.await();
    var closing = Thread.ofPlatform().start(loop::close);
    var asked = new FutureTask<>(() -> loop.ask(() -> 1));
    Thread.ofPlatform().start(asked);
    engine.gate.countDown();
    closing.join();
    try {
      assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    } catch (java.util.concurrent.ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aClosedLoopLeavesNoThread() {
    start(4).close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().equals("test-loop") && t.isAlive());
  }
}
