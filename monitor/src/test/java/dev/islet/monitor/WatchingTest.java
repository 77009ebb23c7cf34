package dev.islet.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.model.ServiceSample;
import dev.islet.testkit.Wait;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services that serve, hang, die and lie, as the monitor shows them. */
class WatchingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ScriptedService service;
  private MonitorServer monitor;

  @BeforeEach
  void start() throws Exception {
    service = new ScriptedService("dns");
    service.says("/metrics", metrics(100, 3));
    monitor =
        MonitorServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .service("dns", service.address(), "secret")
                        .askEvery(Duration.ofSeconds(1)))
            .start();
    becomes("up");
  }

  @AfterEach
  void stop() {
    monitor.close();
    service.close();
  }

  private static String metrics(int udp, int cpu) {
    return """
        # TYPE islet_dns_messages counter
        islet_dns_messages_total{transport="udp"} %d.0
        islet_dns_zones 2.0
        islet_dns_process_info{process="77@4026531836"} 1.0
        islet_dns_process_cpu_seconds %d.5
        islet_dns_process_resident_bytes 4.2E7
        # EOF
        """
        .formatted(udp, cpu);
  }

  private ServiceSample dns() {
    return monitor.sample().orElseThrow().services().getFirst();
  }

  private void becomes(String state) {
    Wait.until(
        PATIENCE,
        () ->
            monitor.sample().isEmpty()
                ? "no sample"
                : dns().state().equals(state) ? "" : "dns is " + dns());
  }

  @Test
  void figures_and_process_of_a_service_are_shown() {
    int[] asked = {100};
    Wait.until(
        PATIENCE,
        () -> {
          service.says("/metrics", metrics(asked[0]++, 4)); // a rate is seen while it goes on
          return dns().figure("dns.questions") instanceof Double rate && rate > 0 ? "" : "" + dns();
        });
    assertThat(dns().figure("dns.zones")).isEqualTo(2.0);
    assertThat(dns().figure("dns.latency")).as("what is not told is unknown").isNull();
    assertThat(dns().process().pid()).isEqualTo(77);
    assertThat(dns().process().rss()).isEqualTo(42_000_000);
    assertThat(dns().process().pss()).isNull();
    assertThat(dns().container()).isNull();
    assertThat(dns().endpoints()).containsExactly("x/udp 127.0.0.1:1");
  }

  @Test
  void one_that_dies_is_down_and_has_no_figures() throws Exception {
    int port = service.port();
    service.close();
    becomes("down");
    assertThat(dns().why()).contains("nobody listens on 127.0.0.1:" + port);
    assertThat(dns().figures()).isEmpty();
    assertThat(dns().process()).isNull();
  }

  @Test
  void one_that_no_longer_answers_is_hung() {
    service.fallsSilent("/metrics");
    becomes("hung");
    assertThat(dns().why()).contains("/metrics does not answer");
  }

  @Test
  void one_whose_own_socket_does_not_answer_is_hung() {
    service.fallsSilent("/ready");
    becomes("hung");
    assertThat(dns().why()).contains("/ready does not answer");
  }

  @Test
  void one_that_is_not_ready_lies_about_running() {
    service.says("/ready", "{\"ready\":false,\"why\":\"its socket is deaf\"}");
    becomes("lying");
    assertThat(dns().why()).contains("its socket is deaf");
  }

  @Test
  void one_whose_figures_are_no_figures_lies() {
    service.says("/metrics", "islet_dns_zones two\n# EOF\n");
    becomes("lying");
    assertThat(dns().why()).contains("two");
    service.says("/metrics", "islet_dns_zones 2\n");
    Wait.until(PATIENCE, () -> dns().why().contains("# EOF") ? "" : dns().why());
  }

  @Test
  void an_address_of_another_service_is_a_lie() {
    service.says("/health", "{\"service\":\"web\",\"state\":\"RUNNING\",\"endpoints\":[]}");
    becomes("lying");
    assertThat(dns().why()).contains("web");
  }

  @Test
  void the_page_is_served_to_its_own_names_only() throws Exception {
    var at = "http://" + monitor.endpoints().getFirst().toString().replaceFirst("http/tcp ", "");
    var page = get(at + "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'self'");
    assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    var tag = page.headers().firstValue("ETag").orElseThrow();
    var again =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(at + "/")).header("If-None-Match", tag).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(get(at + "/api/now").body()).contains("\"name\":\"dns\"", "\"state\":\"up\"");
    assertThat(get(at + "/assets/..%2fMonitorServer.class").statusCode()).isEqualTo(404);
    assertThat(get(at + "/assets/none.js").statusCode()).isEqualTo(404);
    assertThat(get(at + "/api/none").statusCode()).isEqualTo(404);
    try (var socket =
        new java.net.Socket("127.0.0.1", monitor.endpoints().getFirst().address().getPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".getBytes());
      assertThat(new String(socket.getInputStream().readNBytes(12))).isEqualTo("HTTP/1.1 421");
    }
  }

  @Test
  void samples_are_told_as_they_come() throws Exception {
    var at = "http://" + monitor.endpoints().getFirst().toString().replaceFirst("http/tcp ", "");
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(at + "/api/live")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(answer.body()))) {
      for (int i = 0; i < 3; i++) {
        assertThat(lines.readLine()).isEqualTo("event: sample");
        assertThat(lines.readLine()).startsWith("data: {\"time\":");
        assertThat(lines.readLine()).isEmpty();
      }
    }
  }

  private static HttpResponse<String> get(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
