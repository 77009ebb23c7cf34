package dev.islet.monitor.transport;

import dev.islet.core.trace.Json;
import dev.islet.monitor.model.Alert;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;

/**
 * Tells people of alerts: by a webhook, by ntfy, by mail. A way that fails is tried again for a
 * while; what cannot be told is counted and logged, and delays nothing else.
 */
public final class Messenger implements AutoCloseable {
  private static final int WAITING = 64;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final List<Integer> AGAIN_AFTER_SECONDS = List.of(2, 15, 60);

  private final String host;
  private final Map<String, Way> ways = new LinkedHashMap<>();
  private final Map<String, ArrayBlockingQueue<Alert>> queues = new LinkedHashMap<>();
  private final Consumer<String> failed;
  private final List<Thread> threads = new java.util.ArrayList<>();

  private interface Way {
    void tell(Alert alert) throws IOException;
  }

  /**
   * @param host who speaks
   * @param failed told the name of a way by which an alert could not be told
   */
  public Messenger(String host, Consumer<String> failed) {
    this.host = host;
    this.failed = failed;
  }

  /** A web address that gets each alert as JSON. */
  public Messenger webhook(URI uri) {
    return way(
        "webhook",
        alert -> {
          var body = new LinkedHashMap<String, Object>();
          body.put("host", host);
          body.put("alert", alert);
          post(uri, Map.of("Content-Type", "application/json"), Json.write(body));
        });
  }

  /** A topic of an ntfy server, like {@code https://ntfy.sh/my-house}. */
  public Messenger ntfy(URI topic, Optional<String> token) {
    return way(
        "ntfy",
        alert -> {
          var headers = new LinkedHashMap<String, String>();
          headers.put("Title", title(alert));
          headers.put(
              "Priority",
              alert.over() ? "low" : alert.severity().equals("critical") ? "high" : "default");
          headers.put("Tags", alert.over() ? "white_check_mark" : "warning");
          token.ifPresent(t -> headers.put("Authorization", "Bearer " + t));
          post(topic, headers, alert.text());
        });
  }

  /** Mail, by a server {@code smtp://host:25} or {@code smtps://host:465}. */
  public Messenger mail(
      URI server, String from, String to, Optional<String> user, Optional<String> password) {
    var mail = new Mail(server, from, to, user, password);
    return way(
        "mail",
        alert ->
            mail.send(
                title(alert),
                alert.text()
                    + "\n\nsince "
                    + Instant.ofEpochMilli(alert.since())
                    + " on "
                    + host
                    + "\n"));
  }

  /** Begins to tell. */
  public Messenger start() {
    ways.forEach(
        (name, way) ->
            threads.add(
                Thread.ofVirtual()
                    .name("monitor-" + name)
                    .start(() -> repeat(name, way, queue(name)))));
    return this;
  }

  /** Tells an alert by every way, some time soon. */
  public void tell(Alert alert) {
    for (var name : ways.keySet()) {
      if (!queue(name).offer(alert)) {
        failed.accept(name);
      }
    }
  }

  private Messenger way(String name, Way way) {
    ways.put(name, way);
    queues.put(name, new ArrayBlockingQueue<>(WAITING));
    return this;
  }

  private ArrayBlockingQueue<Alert> queue(String name) {
    var queue = queues.get(name);
    if (queue == null) {
      throw new IllegalStateException("no way " + name);
    }
    return queue;
  }

  private void repeat(String name, Way way, ArrayBlockingQueue<Alert> queue) {
    try {
      while (true) {
        tell(name, way, queue.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end
    }
  }

  private void tell(String name, Way way, Alert alert) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      try {
        way.tell(alert);
        return;
      } catch (IOException e) {
        if (attempt == AGAIN_AFTER_SECONDS.size()) {
          failed.accept(name);
          System.getLogger("islet.monitor")
              .log(
                  System.Logger.Level.WARNING,
                  "way="
                      + name
                      + " an alert could not be told ("
                      + alert.text()
                      + "): "
                      + e.getMessage());
          return;
        }
        Thread.sleep(AGAIN_AFTER_SECONDS.get(attempt) * 1000L);
      }
    }
  }

  /** Header fields are ASCII; what a rule is called is. */
  private String title(Alert alert) {
    return (alert.over() ? "over: " : "") + alert.rule() + " (" + host + ")";
  }

  private static void post(URI uri, Map<String, String> headers, String body) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setDoOutput(true);
    headers.forEach(connection::setRequestProperty);
    try (var out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    connection.disconnect();
    if (status >= 300) {
      throw new IOException(uri.getHost() + " answers with status " + status);
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
