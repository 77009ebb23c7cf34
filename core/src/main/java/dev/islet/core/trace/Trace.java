package dev.islet.core.trace;

import dev.islet.core.time.TimeSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A service's live trace. Costs one volatile read when nobody listens:
 *
 * <pre>{@code if (trace.on()) trace.emit(new Answered(…));}</pre>
 *
 * <p>Each listener has a ring of its own and a virtual thread that empties it, so a slow listener
 * loses its oldest events, counted, and never delays the service.
 */
public final class Trace<E extends TraceEvent> {
  /** How many events wait for one listener before its oldest are dropped. */
  public static final int RING = 2048;

  private static final Logger LOG = System.getLogger("islet.trace");

  private final String service;
  private final TimeSource time;
  private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean on;

  public Trace(String service, TimeSource time) {
    this.service = service;
    this.time = time;
  }

  /** Whether anybody listens; ask before building an event. */
  public boolean on() {
    return on;
  }

  /** Tells an event to every listener; cheap and never blocking. */
  public void emit(E event) {
    if (!on) {
      return;
    }
    var record = new TraceRecord(sequence.getAndIncrement(), time.wall(), service, event);
    for (var listener : listeners) {
      listener.put(record);
    }
  }

  /** How many events were dropped because a listener was slow. */
  public long dropped() {
    return dropped.get();
  }

  /**
   * Begins to listen, on a thread of the listener's own.
   *
   * @return closes the listening; events already queued are still delivered
   */
  public Subscription listen(Consumer<? super TraceRecord> sink) {
    var listener = new Listener(sink);
    listeners.add(listener);
    on = true;
    listener.thread.start();
    return listener;
  }

  /** A listening that can be ended. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private final class Listener implements Subscription {
    private final ArrayDeque<TraceRecord> ring = new ArrayDeque<>();
    private final Consumer<? super TraceRecord> sink;
    private final Thread thread;
    private boolean closed;

    Listener(Consumer<? super TraceRecord> sink) {
      this.sink = sink;
      this.thread = Thread.ofVirtual().name("trace-" + service).unstarted(this::drain);
    }

    synchronized void put(TraceRecord record) {
      if (closed) {
        return;
      }
      if (ring.size() == RING) {
        ring.poll();
        dropped.incrementAndGet();
      }
      ring.add(record);
      notifyAll();
    }

    @Override
    public void close() {
      synchronized (this) {
        closed = true;
        notifyAll();
      }
      listeners.remove(this);
      on = !listeners.isEmpty();
      // A listener added between the two lines above must not be left deaf.
      if (!listeners.isEmpty()) {
        on = true;
      }
      if (Thread.currentThread() != thread) {
        try {
          thread.join(1_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void drain() {
      while (true) {
        TraceRecord next;
        synchronized (this) {
          while (ring.isEmpty()) {
            if (closed) {
              return;
            }
            try {
              wait();
            } catch (InterruptedException e) {
              return;
            }
          }
          next = ring.poll();
        }
        try {
          sink.accept(next);
        } catch (RuntimeException e) {
          LOG.log(Level.WARNING, "service=" + service + " a trace listener failed", e);
        }
      }
    }
  }
}
