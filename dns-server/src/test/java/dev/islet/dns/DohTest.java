package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** DNS over HTTPS (RFC 8484) over both versions of HTTP, seen by the JDK's client. */
class DohTest {
  private static final String TYPE = "application/dns-message";
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path home;
  private DnsServer server;
  private HttpClient client;

  @BeforeEach
  void serve() throws IOException {
    server =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .doh("127.0.0.1", 0)
                        .home(home)
                        .tcp(new DnsConfig.TcpConfig(64, 32, 16, Duration.ofSeconds(5)))
                        .tls(
                            new TlsConfig(
                                Optional.empty(),
                                Optional.empty(),
                                List.of("localhost"),
                                List.of(),
                                Duration.ofSeconds(30)))
                        .zone("home.arpa", z -> z.a("nas", "192.168.7.10").cname("files", "nas")))
            .start();
    client = HttpClient.newBuilder().sslContext(Secure.of(home).context()).build();
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private static byte[] query(String name) {
    var query = Asker.query(name, "A");
    query.getHeader().setID(0);
    return query.toWire();
  }

  private static String encoded(byte[] message) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(message);
  }

  private HttpRequest.Builder to(Version version, String path) {
    var url = "https://localhost:" + Secure.doh(server).getPort() + path;
    return HttpRequest.newBuilder(URI.create(url)).version(version).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request, Version version)
      throws IOException, InterruptedException {
    var response = client.send(request.build(), BodyHandlers.ofByteArray());
    assertThat(response.version()).isEqualTo(version);
    return response;
  }

  private int post(Version version, String type, byte[] body) throws Exception {
    var request = to(version, "/dns-query").POST(BodyPublishers.ofByteArray(body));
    return send(type.isEmpty() ? request : request.header("content-type", type), version)
        .statusCode();
  }

  private int get(Version version, String path) throws Exception {
    return send(to(version, path), version).statusCode();
  }

  @ParameterizedTest
  @EnumSource
  void answers_get_and_post(Version version) throws Exception {
    var message = query("nas.home.arpa.");
    var got = send(to(version, "/dns-query?dns=" + encoded(message)), version);
    var posted =
        send(
            to(version, "/dns-query")
                .header("content-type", TYPE)
                .header("accept", TYPE)
                .POST(BodyPublishers.ofByteArray(message)),
            version);
    for (var response : List.of(got, posted)) {
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type")).contains(TYPE);
      assertThat(response.headers().firstValue("cache-control")).contains("max-age=3600");
      var reply = new Message(response.body());
      assertThat(reply.getHeader().getID()).isZero();
      assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
    }
    var head = send(to(version, "/dns-query?dns=" + encoded(message)).HEAD(), version);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void what_dns_refuses_http_carries(Version version) throws Exception {
    var nothing = send(to(version, "/dns-query?dns=" + encoded(query("no.home.arpa."))), version);
    assertThat(nothing.statusCode()).isEqualTo(200);
    assertThat(new Message(nothing.body()).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(nothing.headers().firstValue("cache-control").orElseThrow())
        .startsWith("max-age=")
        .isNotEqualTo("max-age=0"); // what the SOA record allows
    var refused =
        send(to(version, "/dns-query?dns=" + encoded(query("www.example.com."))), version);
    assertThat(refused.statusCode()).isEqualTo(200);
    assertThat(new Message(refused.body()).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(refused.headers().firstValue("cache-control")).contains("max-age=0");
  }

  @ParameterizedTest
  @EnumSource
  void faults_have_their_status(Version version) throws Exception {
    var good = encoded(query("nas.home.arpa."));
    assertThat(get(version, "/dns-query")).isEqualTo(400);
    assertThat(get(version, "/dns-query?dns=")).isEqualTo(400);
    assertThat(get(version, "/dns-query?dns=*")).isEqualTo(400);
    assertThat(get(version, "/dns-query?dns=AAAA")).isEqualTo(400);
    assertThat(get(version, "/dns-query?dns=" + good + "&dns=" + good)).isEqualTo(400);
    assertThat(get(version, "/dns-query?dns=" + good + "=")).isEqualTo(400);
    assertThat(get(version, "/elsewhere?dns=" + good)).isEqualTo(404);
    assertThat(get(version, "/dns-query?dns=" + "A".repeat(9_000))).isEqualTo(414);
    assertThat(get(version, "/dns-query?x=1&dns=" + good)).isEqualTo(200);
    var put = send(to(version, "/dns-query").PUT(BodyPublishers.noBody()), version);
    assertThat(put.statusCode()).isEqualTo(405);
    assertThat(put.headers().firstValue("allow")).contains("GET, HEAD, POST");
    var html = to(version, "/dns-query?dns=" + good).header("accept", "text/html");
    assertThat(send(html, version).statusCode()).isEqualTo(406);
    assertThat(post(version, "", query("nas.home.arpa."))).isEqualTo(415);
    assertThat(post(version, "text/plain", query("nas.home.arpa."))).isEqualTo(415);
    assertThat(post(version, TYPE, new byte[0])).isEqualTo(400);
    assertThat(post(version, TYPE, new byte[11])).isEqualTo(400);
    assertThat(post(version, TYPE + "; x=y", query("nas.home.arpa."))).isEqualTo(200);
    assertThat(post(version, TYPE, new byte[65_536])).isEqualTo(413);
  }

  @ParameterizedTest
  @EnumSource
  void the_longest_body_is_read_and_a_longer_one_without_length_is_not(Version version)
      throws Exception {
    var longest = java.util.Arrays.copyOf(query("nas.home.arpa."), 65_535);
    var request = to(version, "/dns-query").header("content-type", TYPE);
    var formerr = send(request.POST(BodyPublishers.ofByteArray(longest)), version);
    assertThat(formerr.statusCode()).isEqualTo(200);
    assertThat(new Message(formerr.body()).getRcode()).isEqualTo(Rcode.FORMERR);
    var chunks = new ArrayList<byte[]>();
    for (int i = 0; i < 70; i++) {
      chunks.add(new byte[1_000]);
    }
    var chunked = request.POST(BodyPublishers.ofByteArrays(chunks));
    assertThat(send(chunked, version).statusCode()).isEqualTo(413);
    assertThat(get(version, "/dns-query?dns=" + encoded(query("nas.home.arpa.")))).isEqualTo(200);
  }

  @Test
  void many_questions_share_one_connection() throws Exception {
    var waiting = new ArrayList<java.util.concurrent.CompletableFuture<HttpResponse<byte[]>>>();
    for (int i = 0; i < 12; i++) {
      var request = to(Version.HTTP_2, "/dns-query?dns=" + encoded(query("nas.home.arpa.")));
      waiting.add(client.sendAsync(request.build(), BodyHandlers.ofByteArray()));
    }
    for (var each : waiting) {
      assertThat(each.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void requests_of_http_1_1_may_be_sent_ahead_and_are_answered_in_order() throws Exception {
    try (var socket = Secure.of(home).connect(Secure.doh(server), "http/1.1")) {
      var text = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        text.append("GET /").append(i % 2 == 0 ? "dns-query" : "no").append("?dns=");
        text.append(encoded(query("nas.home.arpa."))).append(" HTTP/1.1\r\nHost: localhost\r\n");
        text.append(i == 19 ? "Connection: close\r\n\r\n" : "\r\n");
      }
      socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
      var all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      var codes = new StringBuilder();
      var found = java.util.regex.Pattern.compile("HTTP/1.1 (\\d)").matcher(all);
      while (found.find()) {
        codes.append(found.group(1));
      }
      assertThat(codes).hasToString("24".repeat(10));
    }
  }

  @Test
  void a_request_that_dribbles_is_given_up() throws Exception {
    try (var socket = Secure.of(home).connect(Secure.doh(server), "http/1.1")) {
      socket.getOutputStream().write("GET /dns-query HTTP/1.1\r\nHo".getBytes());
      socket.setSoTimeout(20_000);
      assertThat(TcpTest.ended(socket)).isTrue();
    }
  }

  @Test
  void rapid_resets_end_the_connection() throws Exception {
    try (var socket = open()) {
      var out = new ByteArrayOutputStream();
      for (int i = 0; i < 300; i++) {
        out.write(headers(2 * i + 1));
        out.write(frame(3, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
      }
      assertThat(goAway(socket, out.toByteArray())).isEqualTo(ENHANCE_YOUR_CALM);
    }
    stillAnswers();
  }

  @Test
  void floods_of_frames_without_questions_end_the_connection() throws Exception {
    for (var flood :
        List.of(
            frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 9}), // SETTINGS
            frame(6, 0, 0, new byte[8]), // PING
            frame(2, 0, 1, new byte[] {0, 0, 0, 3, 1}), // PRIORITY
            frame(0xEE, 0, 0, new byte[4]))) { // unknown
      try (var socket = open()) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
          out.write(flood);
        }
        assertThat(goAway(socket, out.toByteArray())).isEqualTo(ENHANCE_YOUR_CALM);
      }
    }
    stillAnswers();
  }

  private void stillAnswers() throws Exception {
    assertThat(get(Version.HTTP_2, "/dns-query?dns=" + encoded(query("nas.home.arpa."))))
        .isEqualTo(200);
  }

  private SSLSocket open() throws IOException {
    var socket = Secure.of(home).connect(Secure.doh(server), "h2");
    socket.getOutputStream().write(PREFACE);
    socket.getOutputStream().write(frame(4, 0, 0, new byte[0]));
    return socket;
  }

  /** The error of the GOAWAY frame that answers these bytes. */
  private static int goAway(SSLSocket socket, byte[] bytes) throws Exception {
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    socket.getOutputStream().write(bytes);
                  } catch (IOException e) {
                    // it closed before it had read all: that is what is asked for
                  }
                });
    var in = new DataInputStream(socket.getInputStream());
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readNBytes(5);
        var payload = ByteBuffer.wrap(in.readNBytes(length));
        if (type == 7) {
          return payload.getInt(4);
        }
      }
    } finally {
      writer.join(5_000);
    }
  }

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** A whole GET: HPACK without index or Huffman code (RFC 7541 section 6.2.2). */
  static byte[] headers(int stream) throws IOException {
    var block = new ByteArrayOutputStream();
    for (var field :
        new String[][] {
          {":method", "GET"},
          {":scheme", "https"},
          {":authority", "localhost"},
          {":path", "/dns-query?dns=" + encoded(query("nas.home.arpa."))}
        }) {
      block.write(0);
      for (var text : field) {
        block.write(text.length());
        block.write(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return frame(1, 5, stream, block.toByteArray());
  }
}
