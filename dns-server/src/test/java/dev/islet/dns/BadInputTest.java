package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/** Messages that are no questions: each gets the reply its RFC says, or none, and is counted. */
class BadInputTest {
  private static final int SILENCE = -1;
  private static final String HEADER = "1234 0000 0001 0000 0000 0000";
  private static final String NAME = "036e6173 04686f6d65 0461727061 00";
  private static final String QUESTION = NAME + "0001 0001";
  private static final String OPT = "00 0029 04d0 00000000 0000";

  /** A fault: what it is counted as, how it is answered. */
  private record Case(String bytes, String reason, int rcode) {}

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  private static void bad(String what, String bytes, String reason, int rcode) {
    CASES.put(what, new Case(bytes, reason, rcode));
  }

  static {
    bad("half a header", "1234 0000 0001", "short_header", SILENCE);
    bad("a response", "1234 8000 0001 0000 0000 0000" + QUESTION, "response", SILENCE);
    bad("a broken response", "1234 8000 0005 0000 0000 0000", "response", SILENCE);
    bad("no question", "1234 0000 0000 0000 0000 0000", "questions", Rcode.FORMERR);
    bad(
        "two questions (RFC 9619)",
        "1234 0000 0002 0000 0000 0000" + QUESTION + QUESTION,
        "questions",
        Rcode.FORMERR);
    bad("a question that ends early", HEADER + NAME + "0001", "short", Rcode.FORMERR);
    bad("a name that ends early", HEADER + "03 6e", "short", Rcode.FORMERR);
    bad("a pointer to itself", HEADER + "c00c 0001 0001", "pointer", Rcode.FORMERR);
    bad("a pointer ahead", HEADER + "c010 0001 0001 00", "pointer", Rcode.FORMERR);
    bad("a pointer into the header", HEADER + "c000 0001 0001", "pointer", Rcode.FORMERR);
    bad("pointers in a circle", HEADER + "0161 c00c 0001 0001", "pointer", Rcode.FORMERR);
    bad("a label of type 01", HEADER + "41 00 0001 0001", "label", Rcode.FORMERR);
    bad("a label of type 10", HEADER + "80 00 0001 0001", "label", Rcode.FORMERR);
    bad(
        "a name of 256 bytes",
        HEADER + ("3f" + "61".repeat(63)).repeat(4) + "00 0001 0001",
        "long_name",
        Rcode.FORMERR);
    bad("bytes behind the end", HEADER + QUESTION + "00", "trailing", Rcode.FORMERR);
    bad(
        "records that are not there",
        "1234 0000 0001 0000 0000 0001" + QUESTION,
        "short",
        Rcode.FORMERR);
    bad(
        "two OPT records (RFC 6891)",
        "1234 0000 0001 0000 0000 0002" + QUESTION + OPT + OPT,
        "opt_twice",
        Rcode.FORMERR);
    bad(
        "an OPT record of a name",
        "1234 0000 0001 0000 0000 0001" + QUESTION + "0161" + OPT,
        "opt_owner",
        Rcode.FORMERR);
    bad(
        "an OPT record among answers",
        "1234 0000 0001 0001 0000 0000" + QUESTION + OPT,
        "opt_place",
        Rcode.FORMERR);
    bad(
        "an option longer than its record",
        "1234 0000 0001 0000 0000 0001" + QUESTION + "00 0029 04d0 00000000 0004 00030005",
        "opt_form",
        Rcode.FORMERR);
    bad(
        "a cookie of 9 bytes (RFC 7873)",
        "1234 0000 0001 0000 0000 0001"
            + QUESTION
            + "00 0029 04d0 00000000 000d 000a0009 000000000000000000",
        "cookie_form",
        Rcode.FORMERR);
    bad(
        "an answer in a question",
        "1234 0000 0001 0001 0000 0000" + QUESTION + "c00c 0001 0001 00000001 0004 0a000001",
        "records",
        Rcode.FORMERR);
    for (int opcode : new int[] {1, 2, 3, 6, 7, 15}) {
      bad(
          "opcode " + opcode,
          "1234 "
              + HexFormat.of().toHexDigits((short) (opcode << 11))
              + "0001 0000 0000 0000"
              + QUESTION,
          "opcode",
          Rcode.NOTIMP);
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void each_is_answered_as_its_rfc_says_and_counted(@TempDir Path folder) throws Exception {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var file = folder.resolve("dns.yaml");
    Files.writeString(
        file,
        "listen: [127.0.0.1:0]\nadmin: {listen: 127.0.0.1:"
            + port
            + ", token: t}\nzones: {home.arpa: {records: [\"nas A 10.0.0.1\"]}}\n");
    var home = new Home(folder.resolve("data"), folder.resolve("logs"));
    try (var dns = DnsServer.create(new ConfigFile<>(file, DnsConfig.class), home).start();
        var asker = Asker.of(dns)) {
      for (var entry : CASES.entrySet()) {
        var bad = entry.getValue();
        long before = counted(port, bad.reason());
        assertThat(replied(asker, bytes(bad.bytes()))).as(entry.getKey()).isEqualTo(bad.rcode());
        try (var stream = asker.stream()) {
          stream.send(bytes(bad.bytes()));
          stream.send(Asker.query("nas.home.arpa.", "A").toWire());
          var reply = stream.receive();
          if (bad.rcode() != SILENCE) {
            assertThat(reply[3] & 0xF).as(entry.getKey() + " over TCP").isEqualTo(bad.rcode());
            reply = stream.receive();
          }
          assertThat(reply[3] & 0xF).as("the next one").isEqualTo(Rcode.NOERROR);
        }
        assertThat(counted(port, bad.reason()) - before).as(entry.getKey()).isEqualTo(2);
      }
      // Well-formed, and still not for us.
      assertThat(replied(asker, bytes(HEADER + NAME + "0001 0003"))).isEqualTo(Rcode.REFUSED);
      assertThat(replied(asker, bytes(HEADER + NAME + "0000 0001"))).isEqualTo(Rcode.FORMERR);
      assertThat(replied(asker, bytes(HEADER + NAME + "00f9 0001"))).isEqualTo(Rcode.NOTIMP);
    }
  }

  /** The code of the reply; silence if a good question sent behind it is answered first. */
  private static int replied(Asker asker, byte[] message) throws IOException {
    asker.send(message);
    var good = Asker.query("nas.home.arpa.", "A");
    good.getHeader().setID(0x4321);
    asker.send(good.toWire());
    var reply = asker.receive();
    if (ByteBuffer.wrap(reply).getShort() == 0x4321) {
      return SILENCE;
    }
    assertThat(ByteBuffer.wrap(asker.receive()).getShort()).isEqualTo((short) 0x4321);
    assertThat(reply[2] & 0x80).as("a response").isEqualTo(0x80);
    return reply[3] & 0xF;
  }

  private static long counted(int port, String reason) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
              .header("Authorization", "Bearer t")
              .build();
      var start = "islet_dns_rejected_total{reason=\"" + reason + "\"} ";
      return http.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(l -> l.startsWith(start))
          .mapToLong(l -> (long) Double.parseDouble(l.substring(start.length())))
          .sum();
    }
  }

  @Test
  void a_burst_of_good_and_bad_is_answered_each_as_if_alone() throws Exception {
    try (var server =
        DnsServer.create(
            c -> c.listen("127.0.0.1", 0).zone("home.arpa", z -> z.a("nas", "192.168.7.10")))) {
      server.start();
      try (var asker = Asker.of(server)) {
        var kinds =
            new String[] {
              "0000 0001 0000 0000 0000" + QUESTION, // the fast lane
              "0000 0001 0000 0000 0000" + NAME + "00ff 0001", // the slow one
              "0000 0000 0000 0000 0000", // FORMERR
              "8000 0001 0000 0000 0000" + QUESTION, // silence
              "0000 0001 0000 0000 0000 026e6f" + NAME + "0001 0001", // NXDOMAIN
            };
        var codes = new int[] {Rcode.NOERROR, Rcode.NOERROR, Rcode.FORMERR, SILENCE, 3};
        for (int id = 0; id < 100; id++) {
          asker.send(bytes("%04x".formatted(id) + kinds[id % kinds.length]));
        }
        var heard = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 80; i++) {
          var reply = ByteBuffer.wrap(asker.receive());
          heard.put((int) reply.getShort(0), reply.get(3) & 0xF);
        }
        assertThat(heard).hasSize(80);
        heard.forEach((id, code) -> assertThat(code).isEqualTo(codes[id % codes.length]));
      }
    }
  }
}
