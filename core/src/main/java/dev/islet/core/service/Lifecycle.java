package dev.islet.core.service;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The one-way life of a service, held by it as a field: guards the transitions, keeps what was
 * opened, and closes it in reverse order.
 */
public final class Lifecycle {
  /** The body of a start: opens resources and gives each to {@link Lifecycle#hold}. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  private static final Logger LOG = System.getLogger("islet.service");

  private final String name;
  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile State state = State.NEW;

  public Lifecycle(String name) {
    this.name = name;
  }

  public State state() {
    return state;
  }

  /**
   * Runs the body once. If it throws, everything held so far is closed and the state is FAILED.
   *
   * @throws StartException as thrown by the body, or wrapping another exception
   */
  public void start(Body body) {
    synchronized (this) {
      if (state != State.NEW) {
        throw new IllegalStateException(
            name + " is " + state + "; a service is started once, make a new one");
      }
      state = State.STARTING;
    }
    try {
      body.run();
      synchronized (this) {
        state = State.RUNNING;
      }
    } catch (Exception | Error e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      closeHeld(e);
      state = State.FAILED;
      ended.countDown();
      if (e instanceof StartException start) {
        throw start;
      }
      throw new StartException("START-001", name + " failed to start: " + e, "See the cause", e);
    }
  }

  /**
   * Keeps a resource until {@link #close}; the last held is closed first.
   *
   * @throws IllegalStateException if the service has ended or is about to; the resource is closed
   */
  public <T extends AutoCloseable> T hold(T resource) {
    synchronized (this) {
      if (state == State.NEW || state == State.STARTING || state == State.RUNNING) {
        held.push(resource);
        return resource;
      }
    }
    close(resource, null);
    throw new IllegalStateException(name + " is " + state + "; nothing more can be opened");
  }

  /** Waits until the service has stopped or failed. */
  public void awaitStop() throws InterruptedException {
    ended.await();
  }

  /** Closes everything held, once; failures are logged and do not stop the rest. */
  public void close() {
    synchronized (this) {
      switch (state) {
        case NEW, RUNNING -> state = State.STOPPING;
        case STARTING ->
            throw new IllegalStateException(name + " is starting; close it when start has ended");
        case STOPPING, STOPPED, FAILED -> {
          return;
        }
      }
    }
    closeHeld(null);
    state = State.STOPPED;
    ended.countDown();
  }

  private void closeHeld(@Nullable Throwable because) {
    while (true) {
      AutoCloseable next;
      synchronized (this) {
        next = held.poll();
      }
      if (next == null) {
        return;
      }
      close(next, because);
    }
  }

  private void close(AutoCloseable resource, @Nullable Throwable because) {
    try {
      resource.close();
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (because != null) {
        because.addSuppressed(e);
      } else {
        LOG.log(Level.WARNING, "service=" + name + " closing " + resource + " failed", e);
      }
    }
  }
}
