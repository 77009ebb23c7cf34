package dev.islet.monitor.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.islet.monitor.model.Alert;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Alerts as they reach a webhook, an ntfy server and a mail server. */
class MessengerTest {
  private static final Alert ALERT =
      new Alert("service-down:dns", 1_764_000_000_000L, "critical", "dns is down: “gone”", false);

  @Test
  void a_webhook_gets_json_and_ntfy_a_text() throws Exception {
    var got = new LinkedBlockingQueue<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          got.add(
              exchange.getRequestURI()
                  + " "
                  + headers.getFirst("Title")
                  + " "
                  + headers.getFirst("Priority")
                  + " "
                  + headers.getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    var at = "http://127.0.0.1:" + server.getAddress().getPort();
    try (var messenger =
        new Messenger("pi", way -> {})
            .webhook(URI.create(at + "/hook"))
            .ntfy(URI.create(at + "/house"), Optional.of("tk_1"))
            .start()) {
      messenger.tell(ALERT);
      var both = new ArrayList<String>();
      both.add(got.poll(20, TimeUnit.SECONDS));
      both.add(got.poll(20, TimeUnit.SECONDS));
      assertThat(both)
          .anySatisfy(
              text ->
                  assertThat(text)
                      .startsWith("/hook")
                      .contains("{\"host\":\"pi\",\"alert\":{\"rule\":\"service-down:dns\""))
          .anySatisfy(
              text ->
                  assertThat(text)
                      .isEqualTo(
                          "/house service-down:dns (pi) high Bearer tk_1 dns is down: “gone”"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_mail_is_handed_to_a_mail_server() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var got = new LinkedBlockingQueue<String>();
      Thread.ofVirtual().start(() -> serve(server, got));
      new Mail(
              URI.create("smtp://127.0.0.1:" + server.getLocalPort()),
              "islet@home.arpa",
              "me@home.arpa",
              Optional.empty(),
              Optional.empty())
          .send("Ünder-voltage", "the board is held back\n");
      var text = got.poll(20, TimeUnit.SECONDS);
      assertThat(text)
          .contains("MAIL FROM:<islet@home.arpa>", "RCPT TO:<me@home.arpa>", "To: <me@home.arpa>")
          .contains("Subject: =?UTF-8?B?")
          .contains(
              Base64.getEncoder()
                  .encodeToString("the board is held back\n".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void a_password_is_never_sent_in_the_clear() throws Exception {
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var got = new LinkedBlockingQueue<String>();
      Thread.ofVirtual().start(() -> serve(server, got));
      var mail =
          new Mail(
              URI.create("smtp://127.0.0.1:" + server.getLocalPort()),
              "islet@home.arpa",
              "me@home.arpa",
              Optional.of("me"),
              Optional.of("secret"));
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> mail.send("s", "t"))
          .hasMessageContaining("no TLS");
      assertThat(got.poll(20, TimeUnit.SECONDS)).doesNotContain("AUTH");
    }
  }

  /** The part of a mail server that one mail needs. */
  private static void serve(ServerSocket server, LinkedBlockingQueue<String> got) {
    var all = new StringBuilder();
    try (var socket = server.accept();
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream()))) {
      var out = socket.getOutputStream();
      out.write("220-hello\r\n220 there\r\n".getBytes(StandardCharsets.US_ASCII));
      boolean data = false;
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        all.append(line).append('\n');
        if (data && !line.equals(".")) {
          continue;
        }
        var reply =
            data
                ? "250 taken"
                : line.startsWith("EHLO")
                    ? "250-test\r\n250 SIZE 1000"
                    : line.equals("DATA")
                        ? "354 go on"
                        : line.equals("QUIT") ? "221 bye" : "250 ok";
        data = line.equals("DATA");
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
    } catch (java.io.IOException e) {
      all.append(e);
    }
    got.add(all.toString());
  }
}
