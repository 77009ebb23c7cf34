package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.web.model.Reply;
import dev.islet.web.model.WebEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private final ConcurrentLinkedQueue<WebEvent> events = new ConcurrentLinkedQueue<>();

  private WebServer server(java.util.function.UnaryOperator<WebConfig.LimitsConfig> limits) {
    return WebServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .limits(limits)
                    .drain(Duration.ofMillis(100))
                    .onTrace(events::add)
                    .site("x", s -> s.handle("/*", Set.of(), r -> Reply.text("hi"))))
        .start();
  }

  private static final Duration HEAD = Duration.ofMillis(800);
  private static final Duration IDLE = Duration.ofMillis(1_500);

  @Test
  void many_clients_that_never_finish_their_heads_are_gone_soon_and_others_are_served()
      throws Exception {
    try (var web = server(l -> LimitsFixture.times(l, HEAD, IDLE))) {
      var slow = new ArrayList<Raw>();
      for (int i = 0; i < 150; i++) {
        slow.add(Raw.to(web).send(i % 3 == 0 ? "" : "GET / HTTP/1.1\r\nHost: x\r\nX-" + i + ": "));
      }
      long began = System.nanoTime();
      assertThat(Raw.get(web, "x", "/").status()).isEqualTo(200);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var closed = new ArrayList<Future<Boolean>>();
        for (var raw : slow) {
          closed.add(
              threads.submit(
                  () -> {
                    // A byte now and then does not help.
                    for (int i = 0; i < 20; i++) {
                      raw.send("a");
                      if (raw.isClosedWithin(150)) {
                        return true;
                      }
                    }
                    return false;
                  }));
        }
        for (var each : closed) {
          assertThat(each.get()).isTrue();
        }
      }
      assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(5).toNanos());
      for (var raw : slow) {
        raw.close();
      }
      assertThat(Raw.get(web, "x", "/").status()).isEqualTo(200);
      assertThat(events)
          .filteredOn(e -> e instanceof WebEvent.CutOff)
          .hasSizeGreaterThanOrEqualTo(100);
    }
  }

  @Test
  void a_connection_may_rest_only_for_a_while() throws Exception {
    try (var web = server(l -> LimitsFixture.times(l, HEAD, IDLE));
        var raw = Raw.to(web)) {
      assertThat(raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status()).isEqualTo(200);
      assertThat(raw.isClosedWithin(700)).isFalse();
      assertThat(raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status()).isEqualTo(200);
      assertThat(raw.isClosedWithin(4_000)).isTrue();
    }
  }

  @Test
  void content_that_stops_arriving_ends_the_connection() throws Exception {
    try (var web = server(l -> LimitsFixture.times(l, HEAD, IDLE));
        var raw = Raw.to(web)) {
      raw.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
      assertThat(raw.isClosedWithin(4_500)).isTrue();
    }
  }

  @Test
  void one_client_gets_only_so_many_connections() throws Exception {
    try (var web = server(l -> LimitsFixture.counts(l, 100, 5))) {
      var open = new ArrayList<Raw>();
      for (int i = 0; i < 5; i++) {
        open.add(Raw.to(web));
        assertThat(open.getLast().send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status())
            .isEqualTo(200);
      }
      try (var more = Raw.to(web)) {
        assertThat(more.isClosedWithin(2_000)).isTrue();
      }
      open.removeLast().close();
      // The place is free as soon as the server has seen the end.
      boolean served = false;
      for (int i = 0; i < 200 && !served; i++) {
        try (var again = Raw.to(web)) {
          served = again.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status() == 200;
        }
      }
      assertThat(served).isTrue();
      for (var raw : open) {
        raw.close();
      }
    }
  }

  @Test
  void thousands_of_short_connections_leave_none_behind() throws Exception {
    try (var web = server(l -> LimitsFixture.counts(l, 50, 50))) {
      for (int i = 0; i < 1_000; i++) {
        int status =
            Raw.once(web, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status();
        assertThat(status).as("connection " + i).isEqualTo(200);
      }
    }
  }
}
