package dev.islet.monitor.transport;

import dev.islet.core.trace.Json;
import dev.islet.monitor.wire.TraceLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Hands on what services tell in their traces, while somebody listens. A service that is down is
 * tried again, so that it joins when it comes back.
 */
public final class TraceRelay implements AutoCloseable {
  private static final int IDLE_SECONDS = 5;
  private static final int WAITING = 1_024;
  private static final int PATIENCE_MILLIS = 3_000;
  private static final long AGAIN = TimeUnit.SECONDS.toNanos(2);

  /** How many questions are remembered, and for how long after somebody looked. */
  private static final int QUESTIONS = 1_000;

  private static final long LOOKED = TimeUnit.SECONDS.toNanos(60);
  private static final int LONGEST_CAPTURE = 600;

  private final Colleagues colleagues;
  private final Deque<TraceLine> questions = new ArrayDeque<>();
  private volatile long lookedAt;
  private volatile boolean closed;
  private boolean hearing;

  public TraceRelay(Colleagues colleagues) {
    this.colleagues = colleagues;
  }

  /** Answers with every event of the services that the parameter names, from now on. */
  public void events(Request request) throws IOException {
    var services = services(request.parameter("service", "all"));
    var waiting = new ArrayBlockingQueue<String>(WAITING);
    var listening = new ArrayList<Listening>();
    try {
      for (var service : services) {
        listening.add(
            new Listening(
                service,
                line -> offer(waiting, "event: record\ndata: " + Json.write(line) + "\n\n")));
      }
      var out = request.stream("text/event-stream");
      out.write(": listening\n\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      while (!closed) {
        var next = waiting.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        out.write((next == null ? ": alive\n\n" : next).getBytes(StandardCharsets.UTF_8));
        if (waiting.isEmpty()) {
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server closes
    } finally {
      listening.forEach(Listening::close);
    }
  }

  /** Answers with the packets of some seconds as a capture file. */
  public void capture(Request request) throws IOException {
    var service = request.parameter("service", "");
    int seconds = request.number("seconds", 10, 1, LONGEST_CAPTURE);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (var link = colleagues.open(service);
        var in = link.stream("/trace?format=pcapng", PATIENCE_MILLIS)) {
      request.header("Content-Disposition", "attachment; filename=\"" + service + ".pcapng\"");
      var out = request.stream("application/x-pcapng");
      var timer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (System.nanoTime() < end && !Thread.interrupted()) {
                      LockSupport.parkNanos(end - System.nanoTime());
                    }
                    link.close(); // ends the reading
                  });
      try {
        in.transferTo(out);
      } catch (IOException e) {
        if (System.nanoTime() < end) {
          throw e;
        }
      } finally {
        timer.interrupt();
      }
    }
  }

  /**
   * The latest answered questions of the DNS service, newest first. It is listened to from the
   * first time somebody looks until a minute after the last, so that nobody's questions are
   * gathered while nobody asks.
   */
  public List<TraceLine> questions() {
    lookedAt = System.nanoTime();
    synchronized (questions) {
      if (!hearing && colleagues.watch("dns").isPresent()) {
        hearing = true;
        Thread.ofVirtual().name("monitor-questions").start(this::hear);
      }
      return List.copyOf(questions);
    }
  }

  private void hear() {
    try (var listening =
        new Listening(
            "dns",
            line -> {
              if (line.kind().equals("Answered")) {
                synchronized (questions) {
                  questions.addFirst(line);
                  if (questions.size() > QUESTIONS) {
                    questions.removeLast();
                  }
                }
              }
            })) {
      while (!closed && System.nanoTime() - lookedAt < LOOKED) {
        LockSupport.parkNanos(AGAIN);
      }
    }
    synchronized (questions) {
      questions.clear();
      hearing = false;
    }
  }

  private List<String> services(String wanted) {
    if (wanted.equals("all")) {
      return colleagues.names();
    }
    var all = List.of(wanted.split(","));
    for (var service : all) {
      if (colleagues.watch(service).isEmpty()) {
        throw new IllegalArgumentException(
            "no service " + service + "; there are " + String.join(", ", colleagues.names()));
      }
    }
    return all.stream().distinct().toList();
  }

  private static void offer(ArrayBlockingQueue<String> queue, String event) {
    while (!queue.offer(event)) {
      queue.poll(); // a reader that is slow misses the oldest
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  /** One service listened to, again and again, until it is closed. */
  private final class Listening implements AutoCloseable {
    private final String service;
    private final Consumer<TraceLine> sink;
    private final Thread thread;
    private volatile boolean ended;
    private volatile @org.jspecify.annotations.Nullable AdminLink link;

    Listening(String service, Consumer<TraceLine> sink) {
      this.service = service;
      this.sink = sink;
      this.thread = Thread.ofVirtual().name("monitor-trace-" + service).start(this::run);
    }

    private void run() {
      while (!ended && !closed) {
        try (var open = colleagues.open(service)) {
          link = open;
          read(open);
        } catch (IOException e) {
          link = null; // down, or it was closed for us
        }
        if (!ended) {
          LockSupport.parkNanos(AGAIN);
        }
      }
    }

    private void read(AdminLink open) throws IOException {
      try (var lines =
          new BufferedReader(
              new InputStreamReader(
                  open.stream("/trace?format=packets", PATIENCE_MILLIS), StandardCharsets.UTF_8))) {
        for (var line = lines.readLine(); line != null && !ended; line = lines.readLine()) {
          if (line.startsWith("data: ")) {
            try {
              sink.accept(TraceLine.of(line.substring("data: ".length())));
            } catch (IllegalArgumentException e) {
              throw new IOException(service + " tells what is no event: " + e.getMessage(), e);
            }
          }
        }
      }
    }

    @Override
    public void close() {
      ended = true;
      var open = link;
      if (open != null) {
        open.close();
      }
      thread.interrupt();
    }
  }
}
