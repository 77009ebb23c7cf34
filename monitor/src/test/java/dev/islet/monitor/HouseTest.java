package dev.islet.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.testkit.Wait;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, map, explained bytes, reload and metrics, from services that a test scripts. */
class HouseTest {
  @TempDir Path data;
  private ScriptedService dhcp;
  private ScriptedService voip;
  private MonitorServer monitor;
  private String at;

  @BeforeEach
  void start() throws Exception {
    dhcp = new ScriptedService("dhcp");
    dhcp.says(
        "/state",
        """
        {"leases":[
          {"address":"192.168.7.100","state":"BOUND","client":"b8:27:eb:00:00:01","identity":"x","name":"camera","until":"2025-11-24T16:00:00Z"},
          {"address":"192.168.7.101","state":"OFFERED","client":"b8:27:eb:00:00:02","identity":"y","name":"","until":"2025-11-24T16:00:00Z"}]}
        """);
    dhcp.says(
        "/explain",
        "[{\"offset\":0,\"length\":1,\"name\":\"op\",\"value\":\"1\",\"section\":\"RFC 2131 2\"}]");
    dhcp.says("/reload", "{\"changed\":[\"subnets\"],\"needsRestart\":[]}");
    voip = new ScriptedService("voip");
    voip.says("/state", "not json");
    monitor =
        MonitorServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .data(data)
                        .service("dhcp", dhcp.address(), "t")
                        .service("voip", voip.address(), "t"))
            .start();
    at = "http://" + monitor.endpoints().getFirst().toString().replaceFirst("http/tcp ", "");
    Wait.until(
        Duration.ofSeconds(30),
        () ->
            monitor.sample().map(s -> s.services().getFirst().state()).orElse("none").equals("up")
                ? ""
                : "" + monitor.sample());
  }

  @AfterEach
  void stop() {
    monitor.close();
    dhcp.close();
    voip.close();
  }

  @Test
  void leases_are_a_table_that_filters() throws Exception {
    assertThat(get("/api/table/leases").body())
        .contains("\"expires\":1764000000000", "\"total\":2", "\"why\":null");
    assertThat(get("/api/table/leases?q=CAMERA").body())
        .contains("192.168.7.100", "\"total\":1")
        .doesNotContain("192.168.7.101");
    assertThat(get("/api/table/leases?limit=1").body()).contains("\"total\":2");
    assertThat(get("/api/table/leases?limit=x").statusCode()).isEqualTo(400);
    assertThat(get("/api/table/none").statusCode()).isEqualTo(404);
  }

  @Test
  void a_table_that_cannot_be_had_says_why() throws Exception {
    assertThat(get("/api/table/routes").body()).contains("router is not watched");
    assertThat(get("/api/table/calls").body()).contains("voip tells its state in words");
  }

  @Test
  void the_map_has_clients_with_a_lease() throws Exception {
    assertThat(get("/api/map").body())
        .contains("\"kind\":\"board\"", "\"label\":\"camera\"", "\"label\":\"DHCP\"")
        .doesNotContain("192.168.7.101");
  }

  @Test
  void bytes_are_explained_by_their_service() throws Exception {
    assertThat(get("/api/explain?service=dhcp&hex=01").body().strip())
        .isEqualTo(
            "[{\"offset\":0,\"length\":1,\"name\":\"op\",\"value\":\"1\",\"meaning\":\"\",\"rfc\":\"RFC 2131 2\"}]");
    assertThat(get("/api/explain?service=dhcp&hex=0g").statusCode()).isEqualTo(400);
    assertThat(get("/api/explain?service=none&hex=00").statusCode()).isEqualTo(502);
  }

  @Test
  void a_reload_asks_for_the_token() throws Exception {
    assertThat(post("/api/reload?service=dhcp", "wrong").statusCode()).isEqualTo(401);
    var token = java.nio.file.Files.readString(data.resolve("admin.token")).strip();
    var answer = post("/api/reload?service=dhcp", token);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"changed\":[\"subnets\"]");
    assertThat(get("/api/reload?service=dhcp").statusCode()).isEqualTo(405);
  }

  @Test
  void board_and_services_are_one_text_for_a_collector() throws Exception {
    var text = get("/metrics").body();
    assertThat(text)
        .contains("islet_board_memory_bytes ", "islet_service_up{service=\"dhcp\"} 1")
        .endsWith("# EOF\n");
  }

  @Test
  void what_was_measured_can_be_asked_for() throws Exception {
    assertThat(get("/api/series").body()).contains("{\"key\":\"board.load1\",\"label\":\"Load\"");
    assertThat(get("/api/history?series=board.load1,none&span=1h").body())
        .contains("\"step\":1000", "\"board.load1\":[null,")
        .doesNotContain("none");
    assertThat(get("/api/history?series=board.load1&span=2h").statusCode()).isEqualTo(400);
    assertThat(get("/api/report.csv?span=1h").body()).startsWith("time,board.");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(at + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String token) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(at + path))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
