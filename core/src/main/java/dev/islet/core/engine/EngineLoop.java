package dev.islet.core.engine;

import dev.islet.core.time.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only code that knows threads: takes an event or waits until the engine's deadline, records
 * it, calls the engine, and has the actions done.
 *
 * <p>Whoever has several events at once may {@link #perform} them on a thread of its own, between
 * two turns of the loop: a receiver of datagrams spares the hand-over, and while it works the next
 * ones wait in the socket, to come as one batch.
 *
 * <p>The queue is bounded; {@link #offer} refuses when it is full, and the caller counts that. An
 * exception out of the engine or the outlet is logged and counted, and the loop goes on with the
 * next event: one bad packet must not silence a service.
 */
public final class EngineLoop<E, A> implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.engine");
  private static final int BATCH = 64;

  /** Either an event of the engine or a question to be answered on its thread. */
  private sealed interface Item<E> {
    record Event<E>(E event) implements Item<E> {}

    record Question<E>(Runnable work) implements Item<E> {}

    record Stop<E>() implements Item<E> {}
  }

  private final String name;
  private final Engine<E, A> engine;
  private final TimeSource time;
  private final Outlet<A> outlet;
  private final Recorder<? super E> recorder;
  private final ArrayBlockingQueue<Item<E>> queue;

  /** Held by whoever calls the engine and the outlet. */
  private final ReentrantLock turn = new ReentrantLock();

  /** When the thread will look again; changed and read with the turn. */
  private long wakes = Engine.NEVER;

  private final AtomicLong failures = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  private EngineLoop(
      String name,
      Engine<E, A> engine,
      TimeSource time,
      Outlet<A> outlet,
      Recorder<? super E> recorder,
      int capacity) {
    this.name = name;
    this.engine = engine;
    this.time = time;
    this.outlet = outlet;
    this.recorder = recorder;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  /**
   * Starts a loop on a platform thread of the given name.
   *
   * @param capacity how many events may wait before {@link #offer} refuses
   */
  public static <E, A> EngineLoop<E, A> start(
      String name,
      Engine<E, A> engine,
      TimeSource time,
      Outlet<A> outlet,
      Recorder<? super E> recorder,
      int capacity) {
    var loop = new EngineLoop<>(name, engine, time, outlet, recorder, capacity);
    loop.thread.start();
    return loop;
  }

  /** A loop without a recorder, for 4096 waiting events. */
  public static <E, A> EngineLoop<E, A> start(
      String name, Engine<E, A> engine, TimeSource time, Outlet<A> outlet) {
    return start(name, engine, time, outlet, (now, event) -> {}, 4096);
  }

  /** Hands in an event without waiting; false when the queue is full or the loop has ended. */
  public boolean offer(E event) {
    return !closed && queue.offer(new Item.Event<>(event));
  }

  /**
   * Handles events on the caller's thread, all of them as one batch, and returns when that is
   * flushed; waits for its turn.
   *
   * @return false if the loop has ended
   */
  public boolean perform(List<? extends E> events) {
    turn.lock();
    try {
      if (closed) {
        return false;
      }
      for (var event : events) {
        guard(() -> step(event));
        guard(this::tick);
      }
      guard(outlet::flush);
      if (deadline() < wakes) {
        wakes = Engine.NEVER; // told once
        queue.offer(new Item.Question<>(() -> {}));
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  /**
   * Computes something on the loop's thread, between two events: how a snapshot of the engine is
   * read from outside. Called where the engine is being called it runs at once.
   *
   * @throws IllegalStateException if the loop has ended
   */
  public <T> T ask(Supplier<T> question) {
    if (turn.isHeldByCurrentThread()) {
      return question.get();
    }
    var answer = new CompletableFuture<T>();
    Item<E> item =
        new Item.Question<>(
            () -> {
              try {
                answer.complete(question.get());
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              }
            });
    try {
      while (!queue.offer(item, 100, TimeUnit.MILLISECONDS)) {
        refuseIfEnded();
      }
      while (true) {
        try {
          return answer.get(100, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
          refuseIfEnded();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + name, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("question to " + name + " failed", e.getCause());
    }
  }

  /** How many events ended in an exception of the engine or the outlet. */
  public long failures() {
    return failures.get();
  }

  /** Ends the loop after the events already queued, waiting up to five seconds for that. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    turn.lock(); // who performs has begun before
    turn.unlock();
    try {
      // A full queue needs no stop: the thread is awake and looks at closed when it is empty.
      queue.offer(new Item.Stop<>());
      if (Thread.currentThread() != thread) {
        thread.join(5_000);
        if (thread.isAlive()) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void refuseIfEnded() {
    if (!thread.isAlive()) {
      throw new IllegalStateException(name + " has ended");
    }
  }

  private void run() {
    boolean goesOn = true;
    while (goesOn) {
      Item<E> item;
      try {
        item = await();
      } catch (InterruptedException e) {
        return;
      }
      turn.lock();
      try {
        goesOn = batch(item);
      } finally {
        turn.unlock();
      }
    }
  }

  /** Handles an item, and those that wait behind it; false at the end. */
  private boolean batch(@Nullable Item<E> first) {
    boolean goesOn = true;
    int events = 0;
    var item = first;
    do {
      switch (item) {
        case Item.Event<E>(var event) -> {
          events++;
          guard(() -> step(event));
        }
        case Item.Question<E>(var work) -> work.run();
        case Item.Stop<E>() -> goesOn = false;
        case null -> {} // the deadline has come
      }
      guard(this::tick);
      item = goesOn && events < BATCH ? queue.poll() : null;
    } while (item != null);
    guard(outlet::flush);
    return goesOn;
  }

  private void step(E event) {
    long now = time.now();
    recorder.record(now, event);
    engine.on(now, event, outlet::perform);
  }

  private void tick() {
    long now = time.now();
    if (engine.deadline() <= now) {
      engine.onTime(now, outlet::perform);
    }
  }

  /** The next item; null when the deadline has come. */
  private @Nullable Item<E> await() throws InterruptedException {
    if (closed) {
      return queue.isEmpty() ? new Item.Stop<>() : queue.take();
    }
    long deadline;
    turn.lock();
    try {
      deadline = deadline();
      wakes = deadline;
    } finally {
      turn.unlock();
    }
    return deadline == Engine.NEVER
        ? queue.take()
        : queue.poll(Math.max(1, deadline - time.now()), TimeUnit.NANOSECONDS);
  }

  /**
   * An engine that cannot tell is asked again a second later, so that the loop neither ends nor
   * spins.
   */
  private long deadline() {
    var answer = new long[] {time.now() + 1_000_000_000L};
    guard(() -> answer[0] = engine.deadline());
    return answer[0];
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failures.incrementAndGet();
      LOG.log(Level.ERROR, "loop=" + name + " an event was dropped because handling it failed", e);
    }
  }
}
