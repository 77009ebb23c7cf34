package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListDownloadsTest {
  @TempDir Path folder;
  private final ConcurrentLinkedQueue<String> renewed = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private volatile String list = "||ads.example^\n";
  private volatile int status = 200;
  private HttpServer web;
  private ListDownloads downloads;

  @BeforeEach
  void publish() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext("/ads.txt", this::answer);
    web.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/ads.txt");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    web.start();
    downloads = open();
  }

  @AfterEach
  void end() {
    downloads.close();
    web.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var tag = "\"" + list.hashCode() + "\"";
      var known = exchange.getRequestHeaders().getFirst("If-None-Match");
      asked.add(String.valueOf(known));
      var body = list.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("ETag", tag);
      if (tag.equals(known)) {
        exchange.sendResponseHeaders(304, -1);
      } else {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private ListDownloads open() {
    return new ListDownloads(new ListStore(Optional.of(folder)), renewed::add);
  }

  private Path copy() {
    return folder.resolve("ads.list");
  }

  private ListDownloads.Remote remote(String path, Duration refresh) {
    return new ListDownloads.Remote(
        new ListStore.Source("ads", copy(), Optional.empty()),
        URI.create("http://localhost:" + web.getAddress().getPort() + path),
        refresh);
  }

  private void awaitAsked(int times) {
    Wait.until(
        Duration.ofSeconds(20), () -> asked.size() >= times ? "" : "asked only " + asked.size());
  }

  private static void awaitFailure(ListDownloads downloads) {
    Wait.until(Duration.ofSeconds(20), () -> downloads.failures() > 0 ? "" : "nothing has failed");
  }

  private void awaitRenewed(int times) {
    Wait.until(
        Duration.ofSeconds(20), () -> renewed.size() >= times ? "" : "renewed " + renewed.size());
  }

  @Test
  void a_list_is_fetched_and_again_when_it_changes() throws Exception {
    downloads.follow(List.of(remote("/moved", Duration.ofMillis(50))));
    awaitRenewed(1);
    assertThat(copy()).hasContent(list);
    awaitAsked(3);
    assertThat(asked).as("a list that is there is not sent again").startsWith("null", tag(), tag());
    list = "||ads.example^\n||more.example^\n";
    awaitRenewed(2);
    assertThat(copy()).hasContent(list);
  }

  private String tag() {
    return "\"" + list.hashCode() + "\"";
  }

  @Test
  void what_is_no_list_leaves_the_copy_alone() throws Exception {
    Files.writeString(copy(), "||old.example^\n");
    list = "<!DOCTYPE html>\n<html><body>\nPlease sign in.\n</body></html>\n";
    downloads.follow(List.of(remote("/ads.txt", Duration.ofDays(1))));
    awaitFailure(downloads);
    status = 500;
    list = "||never.example^\n";
    var second = open();
    second.follow(List.of(remote("/ads.txt", Duration.ofDays(1))));
    awaitFailure(second);
    second.close();
    assertThat(asked).hasSize(2);
    assertThat(copy()).hasContent("||old.example^\n");
    assertThat(renewed).isEmpty();
  }

  @Test
  void a_copy_outlives_a_restart_and_is_not_asked_after_too_soon() throws Exception {
    downloads.follow(List.of(remote("/ads.txt", Duration.ofDays(1))));
    awaitRenewed(1);
    var note = folder.resolve("ads.from");
    Wait.until(Duration.ofSeconds(20), () -> Files.exists(note) ? "" : "no note");
    downloads.close();
    downloads = open();
    downloads.follow(List.of(remote("/ads.txt", Duration.ofDays(1))));
    Files.setLastModifiedTime(note, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    // another one: only now is the copy too old
    downloads.close();
    downloads = open();
    downloads.follow(List.of(remote("/ads.txt", Duration.ofDays(1))));
    awaitAsked(2);
    assertThat(asked).containsExactly("null", tag());
    assertThat(renewed).hasSize(1);
  }
}
