package dev.islet.voip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.StartException;
import dev.islet.testkit.Wait;
import dev.islet.voip.model.Routing.Reject;
import dev.islet.voip.model.Routing.Ring;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.transport.sip.SipProbe;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server on real sockets. */
class LoopbackTest {
  private static VoipServer server(Consumer<Setup> more) {
    return VoipServer.create(
            c -> {
              c.listen("127.0.0.1", 0)
                  .listenTls("127.0.0.1", 0)
                  .rtpPorts(0, 0)
                  .extension("100", "a password")
                  .extension("101", "a password");
              more.accept(c);
            })
        .start();
  }

  private static InetSocketAddress at(VoipServer server, String protocol) {
    return server.endpoints().stream()
        .filter(e -> e.protocol().equals(protocol))
        .findFirst()
        .orElseThrow()
        .address();
  }

  @Test
  void the_sketch_of_the_documentation_runs() throws Exception {
    try (var voip =
        VoipServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .domain("home.arpa")
                    .rtpPorts(0, 0)
                    .extension("100", "a password")
                    .extension("101", System.getenv("PW_101_IS_NOT_SET"))
                    .onCall(
                        call ->
                            switch (call.to()) {
                              case "100", "101" -> new Ring(call.to(), Duration.ofSeconds(25));
                              default -> new Reject(404);
                            }))) {
      voip.start();
      assertThat(SipProbe.ask(at(voip, "sip/udp"), "home.arpa")).isEmpty();
      assertThat(Files.readString(voip.data().resolve("101.password")).strip()).hasSize(64);
    }
  }

  @Test
  void phones_register_over_each_transport() throws Exception {
    var events = new ConcurrentLinkedQueue<VoipEvent>();
    try (var voip = server(c -> c.onTrace(events::add));
        var udp = Client.udp(at(voip, "sip/udp"));
        var tcp = Client.stream(new Socket("127.0.0.1", at(voip, "sip/tcp").getPort()));
        var tls =
            Client.stream(
                trusting()
                    .getSocketFactory()
                    .createSocket("127.0.0.1", at(voip, "sip/tls").getPort()))) {
      for (var client : new Client[] {udp, tcp, tls}) {
        assertThat(client.register("100", "a password")).startsWith("SIP/2.0 200 OK\r\n");
      }
      assertThat(tls.register("100", "wrong")).startsWith("SIP/2.0 401");
      Wait.until(
          Duration.ofSeconds(5),
          () ->
              events.stream().anyMatch(VoipEvent.AuthFailed.class::isInstance)
                      && events.stream().filter(VoipEvent.Registered.class::isInstance).count() == 3
                  ? ""
                  : "events: " + events);
      assertThat(events)
          .filteredOn(VoipEvent.Received.class::isInstance)
          .first()
          .satisfies(e -> assertThat(e.packet()).isPresent());
    }
  }

  @Test
  void two_line_ends_on_a_stream_are_answered_with_one() throws Exception {
    try (var voip = server(c -> {});
        var tcp = Client.stream(new Socket("127.0.0.1", at(voip, "sip/tcp").getPort()))) {
      tcp.send("\n\n");
      assertThat(tcp.read()).isEqualTo('\r');
      assertThat(tcp.read()).isEqualTo('\n');
      tcp.send(Client.options(tcp.via(), "after"));
      assertThat(tcp.receive()).startsWith("SIP/2.0 200");
    }
  }

  @Test
  void registrations_survive_an_end_without_goodbye(@TempDir Path home, @TempDir Path copy)
      throws Exception {
    try (var voip = server(c -> c.data(home));
        var phone = Client.udp(at(voip, "sip/udp"))) {
      assertThat(phone.register("100", "a password")).startsWith("SIP/2.0 200");
      // What is on disk at the moment of the 200 is what a killed process leaves.
      Files.createDirectories(copy.resolve("voip"));
      Files.copy(
          home.resolve("voip/registrations.journal"), copy.resolve("voip/registrations.journal"));
    }
    try (var again = server(c -> c.data(copy));
        var other = Client.udp(at(again, "sip/udp"))) {
      assertThat(other.register("100", "a password"))
          .contains("Contact: ")
          .satisfies(text -> assertThat(text.split("\nContact: ", -1)).hasSize(3));
    }
  }

  @Test
  void a_taken_port_is_told_with_its_holder() throws Exception {
    try (var holder = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        var voip =
            VoipServer.create(c -> c.listen("127.0.0.1", holder.getLocalPort()).rtpPorts(0, 0))) {
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(voip::start)
          .satisfies(e -> assertThat(e.id()).isEqualTo("NET-BIND-001"));
    }
  }

  @Test
  void a_reload_takes_extensions_and_tells_what_needs_a_restart(@TempDir Path home)
      throws Exception {
    var file = home.resolve("voip.yaml");
    var text =
        """
        listen: {udp: [127.0.0.1:0], tcp: [127.0.0.1:0]}
        rtp: {ports: 0}
        extensions: [{number: 100, password: a password}]
        admin: 127.0.0.1:0
        """;
    Files.writeString(file, text);
    try (var voip =
        VoipServer.create(new ConfigFile<>(file, VoipConfig.class), new Home(home, home))) {
      voip.start();
      Files.writeString(file, text.replace("100", "102") + "calls: {max: 7}\n");
      assertThat(voip.reload())
          .isEqualTo(
              new Reload.Applied(java.util.List.of("extensions"), java.util.List.of("calls.max")));
      try (var phone = Client.udp(at(voip, "sip/udp"))) {
        assertThat(phone.register("102", "a password")).startsWith("SIP/2.0 200");
        assertThat(phone.register("100", "a password")).startsWith("SIP/2.0 401");
      }
      Files.writeString(file, "listen: {upd: []}\n");
      assertThat(voip.reload()).isInstanceOf(Reload.Refused.class);
    }
  }

  @Test
  void ten_thousand_mutations_do_no_harm() throws Exception {
    var random = new Random(4475);
    try (var voip = server(c -> {});
        var udp = Client.udp(at(voip, "sip/udp"))) {
      var seeds = seeds(udp);
      for (int n = 0; n < 8_000; n++) {
        udp.send(mutated(seeds[n % seeds.length], random));
        if (n % 200 == 0) {
          answers(udp, "udp" + n);
        }
      }
      for (int n = 0; n < 2_000; n += 10) {
        try (var tcp = Client.stream(new Socket("127.0.0.1", at(voip, "sip/tcp").getPort()))) {
          for (int k = 0; k < 10; k++) {
            tcp.send(mutated(seeds[(n + k) % seeds.length], random));
          }
        } catch (java.io.IOException e) {
          assertThat(e).hasMessageMatching("(?i).*(reset|pipe|closed|abort).*");
        }
      }
      answers(udp, "last");
      assertThat(udp.register("100", "a password")).startsWith("SIP/2.0 200");
      try (var tcp = Client.stream(new Socket("127.0.0.1", at(voip, "sip/tcp").getPort()))) {
        assertThat(tcp.register("101", "a password")).startsWith("SIP/2.0 200");
      }
    }
  }

  @Test
  void a_flood_of_junk_does_not_keep_a_phone_out() throws Exception {
    var random = new Random(1);
    try (var voip = server(c -> {});
        var flood = Client.udp(at(voip, "sip/udp"));
        var phone = Client.udp(at(voip, "sip/udp"))) {
      for (int n = 0; n < 50_000; n++) {
        var junk = new byte[1 + random.nextInt(600)];
        random.nextBytes(junk);
        flood.send(junk);
      }
      assertThat(phone.register("100", "a password")).startsWith("SIP/2.0 200");
    }
  }

  private static void answers(Client client, String number) throws Exception {
    client.ask(Client.options(client.via(), number), "Call-ID: " + number + "\r\n");
  }

  private static byte[][] seeds(Client client) {
    var invite =
        "INVITE sip:101@home.arpa SIP/2.0\n"
            + client.via()
            + "From: \"A\" <sip:100@home.arpa>;tag=1\nTo: <sip:101@home.arpa>\nCall-ID: m\nCSeq: 1"
            + " INVITE\nContact: <sip:100@127.0.0.1:5070>\nMax-Forwards: 70\nContent-Type:"
            + " application/sdp\nContent-Length: 11\n\nv=0\no=- 1\n";
    var register =
        "REGISTER sip:home.arpa SIP/2.0\n"
            + client.via()
            + "From: <sip:100@home.arpa>;tag=1\nTo: <sip:100@home.arpa>\nCall-ID: r\nCSeq: 1"
            + " REGISTER\nContact: <sip:100@127.0.0.1:5070>;expires=600\nAuthorization: Digest"
            + " username=\"100\", realm=\"home.arpa\", nonce=\"x\", uri=\"sip:home.arpa\","
            + " response=\"00\", qop=auth, nc=00000001, cnonce=\"c\"\nContent-Length: 0\n\n";
    var response =
        "SIP/2.0 200 OK\n"
            + client.via()
            + "From: <sip:100@home.arpa>;tag=1\nTo: <sip:101@home.arpa>;tag=2\nCall-ID: s\nCSeq: 1"
            + " INVITE\nContact: <sip:101@127.0.0.1>\nContent-Length: 0\n\n";
    return new byte[][] {
      invite.replace("\n", "\r\n").getBytes(ISO_8859_1),
      register.replace("\n", "\r\n").getBytes(ISO_8859_1),
      response.replace("\n", "\r\n").getBytes(ISO_8859_1),
      Client.options(client.via(), "o").replace("\n", "\r\n").getBytes(ISO_8859_1),
      "BYE sip:a SIP/2.0\r\nv: SIP/2.0/UDP a\r\nf: sip:a@b;tag=1\r\nt: sip:c@d;tag=2\r\ni: x\r\nCSeq: 1 BYE\r\n\r\n"
          .getBytes(ISO_8859_1)
    };
  }

  /** Flips, cuts, repeats and inserts; sometimes several at once. */
  private static byte[] mutated(byte[] seed, Random random) {
    var bytes = seed.clone();
    for (int rounds = 1 + random.nextInt(4); rounds > 0 && bytes.length > 4; rounds--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = java.util.Arrays.copyOf(bytes, at + 1);
        case 3 -> {
          int count = Math.min(bytes.length - at, 1 + random.nextInt(80));
          var longer = java.util.Arrays.copyOf(bytes, bytes.length + count);
          System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
          bytes = longer;
        }
        default -> bytes[at] = (byte) "\r\n\t ,;:<>\"\\%@[]()=\0\377".charAt(random.nextInt(20));
      }
    }
    return bytes;
  }

  private static SSLContext trusting() throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(
        null,
        new X509TrustManager[] {
          new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          }
        },
        new SecureRandom());
    return context;
  }
}
