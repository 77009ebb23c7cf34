package dev.islet.monitor.transport;

import dev.islet.core.trace.Json;
import dev.islet.monitor.model.Alert;
import dev.islet.monitor.model.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The newest sample, for those who ask once and for those who listen. It becomes JSON only when
 * somebody wants it, once for all. A listener that is slow misses samples, never delays them.
 */
public final class Live {
  private static final int IDLE_SECONDS = 5;

  private final CopyOnWriteArrayList<ArrayBlockingQueue<String>> listeners =
      new CopyOnWriteArrayList<>();
  private volatile @Nullable Sample latest;
  private @Nullable Sample written;
  private String text = "{}";

  /** Tells a sample. */
  public void publish(Sample sample) {
    latest = sample;
    if (!listeners.isEmpty()) {
      tell("event: sample\ndata: " + json() + "\n\n");
    }
  }

  /** Tells that an alert began or ended. */
  public void alert(Alert alert) {
    tell("event: alert\ndata: " + Json.write(alert) + "\n\n");
  }

  /** The newest sample; null before the first. */
  public @Nullable Sample latest() {
    return latest;
  }

  /** Answers with the newest sample. */
  public void now(Request request) throws IOException {
    if (latest == null) {
      request.error(503, "no sample yet; ask again in a second");
    } else {
      request.json(200, json());
    }
  }

  /** Answers with every sample from now on. */
  public void listen(Request request) throws IOException {
    var waiting = new ArrayBlockingQueue<String>(8);
    listeners.add(waiting);
    try {
      var out = request.stream("text/event-stream");
      if (latest != null) {
        waiting.offer("event: sample\ndata: " + json() + "\n\n");
      }
      while (true) {
        var next = waiting.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        out.write((next == null ? ": alive\n\n" : next).getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server closes
    } finally {
      listeners.remove(waiting);
    }
  }

  private synchronized String json() {
    var now = latest;
    if (now != written && now != null) {
      text = Json.write(now);
      written = now;
    }
    return text;
  }

  private void tell(String event) {
    for (var listener : listeners) {
      while (!listener.offer(event)) {
        listener.poll();
      }
    }
  }
}
