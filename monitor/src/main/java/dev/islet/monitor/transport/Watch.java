package dev.islet.monitor.transport;

import dev.islet.core.config.HostPort;
import dev.islet.monitor.figure.Figures;
import dev.islet.monitor.model.ServiceSample;
import dev.islet.monitor.model.Target;
import dev.islet.monitor.wire.JsonReader;
import dev.islet.monitor.wire.Scrape;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches one service through its admin endpoint, on two virtual threads with a connection each:
 * one reads its metrics every second, the other asks whether it answers its own protocol, which is
 * the service's work and may take it as long as it takes to give up.
 */
public final class Watch implements AutoCloseable {
  /** One second, so that with the patience below nobody is hung for three seconds unseen. */
  static final Duration EVERY = Duration.ofSeconds(1);

  static final int PATIENCE_MILLIS = 1_900;
  private static final int LONGEST = 4 << 20;
  private static final int HEALTH_EVERY = 3;

  private final Target target;
  private final Duration ask;
  private final Runnable changed;
  private final Thread scraping;
  private final Thread asking;
  private @Nullable AdminLink metrics;
  private @Nullable AdminLink questions;
  private volatile boolean closed;
  private volatile @Nullable Told told;
  private volatile Finding scraped = new Finding("unknown", "not asked yet");
  private volatile @Nullable Finding answered;
  private volatile List<String> endpoints = List.of();

  private record Finding(String state, @Nullable String why) {}

  /** Two scrapes, one after the other. */
  private record Told(@Nullable Scrape before, Scrape now) {}

  /**
   * @param ask how often the service is to ask its own socket
   * @param changed told when the service is in another state than before
   */
  public Watch(Target target, Duration ask, Runnable changed) {
    this.target = target;
    this.ask = ask;
    this.changed = changed;
    this.scraping =
        Thread.ofVirtual()
            .name("monitor-watch-" + target.name())
            .unstarted(() -> repeat(EVERY, this::scrape));
    this.asking =
        Thread.ofVirtual()
            .name("monitor-ask-" + target.name())
            .unstarted(() -> repeat(ask, this::question));
  }

  /** Begins to watch. */
  public Watch start() {
    scraping.start();
    asking.start();
    return this;
  }

  /** Who is watched. */
  public Target target() {
    return target;
  }

  /** The token to present, given or found in the data folder; it may come after we do. */
  public Optional<String> token() {
    if (target.token().isPresent()) {
      return target.token();
    }
    try {
      return Optional.of(Files.readString(target.kept()).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The newest metrics, while the service tells any. */
  public @Nullable Scrape latest() {
    var now = told;
    return now == null ? null : now.now();
  }

  /** The process it runs in, apart from all others of the board; empty if it does not tell. */
  public String process() {
    var now = latest();
    var identity =
        now == null ? null : now.label("islet_" + target.name() + "_process_info", "process");
    return identity == null ? "" : identity;
  }

  /** The service at this moment, without what is shared with others. */
  public ServiceSample sample() {
    var now = told;
    var finding = finding();
    var address = HostPort.format(target.address());
    if (now == null || finding.state().equals("down")) {
      return new ServiceSample(
          target.name(), finding.state(), finding.why(), address, endpoints, null, null, List.of());
    }
    return new ServiceSample(
        target.name(),
        finding.state(),
        finding.why(),
        address,
        endpoints,
        Processes.process(target.name(), now.before(), now.now()),
        Processes.container(target.name(), now.before(), now.now()),
        Figures.of(target.name(), now.before(), now.now()));
  }

  private Finding finding() {
    var own = answered;
    return scraped.state().equals("up") && own != null ? own : scraped;
  }

  private void repeat(Duration every, Task task) {
    long next = System.nanoTime();
    int round = 0;
    while (!closed) {
      var was = finding().state();
      try {
        task.run(round++);
      } catch (RuntimeException e) {
        System.getLogger("islet.monitor")
            .log(System.Logger.Level.WARNING, "service=" + target.name() + " watching failed", e);
      }
      if (!closed && !was.equals(finding().state())) {
        changed.run();
      }
      next = Math.max(next + every.toNanos(), System.nanoTime() - every.toNanos());
      while (!closed && next - System.nanoTime() > 0) {
        LockSupport.parkNanos(next - System.nanoTime());
        if (Thread.interrupted()) {
          return;
        }
      }
    }
  }

  private interface Task {
    void run(int round);
  }

  private void scrape(int round) {
    try {
      long at = System.nanoTime();
      var link = metrics == null ? open() : metrics;
      metrics = link;
      var answer = link.ask("GET", "/metrics?buckets=no", PATIENCE_MILLIS);
      if (answer.status() != 200) {
        var why =
            answer.status() == 401
                ? "it does not accept our token: both must use one data folder"
                : "/metrics answers with status " + answer.status();
        forget();
        scraped = new Finding("lying", why);
        link.close();
        metrics = null; // the token may be another by now
        return;
      }
      var before = latest();
      told = new Told(before, Scrape.parse(answer.body(), answer.length(), at, before));
      scraped = new Finding("up", null);
    } catch (IOException | IllegalArgumentException e) {
      forget();
      scraped = finding(e, "/metrics");
    }
  }

  private void question(int round) {
    try {
      var link = questions == null ? open() : questions;
      questions = link;
      if (round % HEALTH_EVERY == 0 || answered == null || endpoints.isEmpty()) {
        var health =
            JsonReader.object(JsonReader.read(link.ask("GET", "/health", PATIENCE_MILLIS).text()));
        if (!target.name().equals(health.get("service"))) {
          answered =
              new Finding(
                  "lying",
                  "this is the address of " + health.getOrDefault("service", "something else"));
          return;
        }
        endpoints =
            JsonReader.list(health.get("endpoints")).stream()
                .map(String::valueOf)
                .filter(e -> !e.startsWith("admin/"))
                .toList();
        if ("STARTING".equals(health.get("state")) || "NEW".equals(health.get("state"))) {
          answered = new Finding("starting", null);
          return;
        }
      }
      var answer = link.ask("GET", "/ready", PATIENCE_MILLIS);
      var ready = JsonReader.object(JsonReader.read(answer.text()));
      boolean good = answer.status() == 200 && Boolean.TRUE.equals(ready.get("ready"));
      answered =
          good
              ? new Finding("up", null)
              : new Finding(
                  "lying",
                  "it runs but is not ready: " + ready.getOrDefault("why", "it does not say why"));
    } catch (IOException | IllegalArgumentException e) {
      answered = finding(e, "/ready");
    }
  }

  private AdminLink open() {
    return new AdminLink(target.address(), token(), LONGEST);
  }

  private void forget() {
    told = null;
  }

  private Finding finding(Exception e, String path) {
    return switch (e) {
      case SocketTimeoutException slow ->
          new Finding("hung", path + " does not answer within " + PATIENCE_MILLIS + " ms");
      case ConnectException refused ->
          new Finding("down", "nobody listens on " + HostPort.format(target.address()));
      case AdminLink.ProtocolException wrong ->
          new Finding("lying", path + " is not what it should be: " + wrong.getMessage());
      case IOException cut -> new Finding("down", path + " was cut off: " + cut.getMessage());
      default -> new Finding("lying", path + " is not what it should be: " + e.getMessage());
    };
  }

  @Override
  public void close() {
    closed = true;
    scraping.interrupt();
    asking.interrupt();
    var a = metrics;
    var b = questions;
    if (a != null) {
      a.close();
    }
    if (b != null) {
      b.close();
    }
  }
}
