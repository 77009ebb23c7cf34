package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  @TempDir Path folder;

  private Path write(int generation, String more) throws IOException {
    var root = Files.createDirectories(folder.resolve("g" + generation));
    Files.writeString(root.resolve("index.html"), "generation " + generation);
    return Files.writeString(
        folder.resolve("web.yaml"),
        "http: 127.0.0.1:0\ndrain: 200ms\nsites:\n  x:\n    fallback: true\n    routes:\n      - files: {folder: g"
            + generation
            + "}\naccess-log: {formats: [combined]}\n"
            + more);
  }

  private WebServer server(Path file) {
    return WebServer.create(
            new ConfigFile<>(file, WebConfig.class),
            new Home(folder.resolve("data"), folder.resolve("logs")))
        .start();
  }

  @Test
  void no_request_fails_while_the_sites_are_exchanged() throws Exception {
    try (var web = server(write(0, ""));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var stop = new AtomicBoolean();
      var served = new AtomicInteger();
      var clients = new ArrayList<Future<String>>();
      for (int i = 0; i < 8; i++) {
        clients.add(
            threads.submit(
                () -> {
                  try (var raw = Raw.to(web)) {
                    while (!stop.get()) {
                      var answer = raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer();
                      if (answer.status() != 200 || !answer.text().startsWith("generation ")) {
                        return answer.status() + " " + answer.text();
                      }
                      served.incrementAndGet();
                    }
                    return "";
                  }
                }));
      }
      for (int i = 1; i <= 20; i++) {
        int before = served.get();
        write(i, "");
        assertThat(web.reload()).isEqualTo(new Reload.Applied(List.of("sites"), List.of()));
        assertThat(Raw.get(web, "x", "/").text()).isEqualTo("generation " + i);
        while (served.get() < before + 50) {
          Thread.onSpinWait();
        }
      }
      stop.set(true);
      for (var client : clients) {
        assertThat(client.get()).isEmpty();
      }
      assertThat(served.get()).isGreaterThan(1_000);
    }
    assertThat(Files.readAllLines(folder.resolve("logs/web/access.log")).size())
        .isGreaterThan(1_000);
  }

  @Test
  void a_faulty_file_changes_nothing_and_says_why() throws Exception {
    try (var web = server(write(0, ""))) {
      write(1, "http3: true\n");
      assertThat(web.reload())
          .isInstanceOfSatisfying(
              Reload.Refused.class,
              r -> assertThat(r.why()).contains("http3", "unknown key; did you mean"));
      assertThat(Raw.get(web, "x", "/").text()).isEqualTo("generation 0");
      Files.writeString(
          folder.resolve("web.yaml"),
          "http: 127.0.0.1:0\nsites: {a: {aliases: [z]}, b: {aliases: [z]}}\n");
      assertThat(web.reload())
          .isInstanceOfSatisfying(
              Reload.Refused.class, r -> assertThat(r.why()).contains("both a and b answer for z"));
    }
  }

  @Test
  void what_needs_a_restart_is_told() throws Exception {
    try (var web = server(write(0, ""))) {
      write(0, "https: 127.0.0.1:0\nlimits: {head-time: 3s}\n");
      assertThat(web.reload())
          .isInstanceOfSatisfying(
              Reload.Applied.class,
              a -> {
                assertThat(a.changed()).contains("limits.head-time");
                assertThat(a.needsRestart()).containsExactly("https");
              });
    }
  }

  @Test
  void metrics_state_and_readiness_are_shown() throws Exception {
    int port;
    try (var free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (var web = server(write(0, "admin: {listen: '127.0.0.1:" + port + "', token: t}\n"));
        var client = HttpClient.newHttpClient()) {
      assertThat(Raw.get(web, "x", "/").status()).isEqualTo(200);
      Raw.once(web, "GET / HTTP/9.9\r\n\r\n");
      assertThat(admin(client, port, "/ready")).contains("\"ready\":true");
      assertThat(admin(client, port, "/state")).contains("\"sites\":{\"x\"", "\"2xx\":");
      assertThat(admin(client, port, "/metrics"))
          .contains(
              "islet_web_requests_total{class=\"2xx\",site=\"x\"}",
              "islet_web_answer_seconds_bucket{site=\"x\",le=\"0.001\"}",
              "islet_web_refused_total{status=\"505\"} 1.0",
              "islet_web_open_connections");
    }
  }

  private static String admin(HttpClient client, int port, String path) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer t")
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
