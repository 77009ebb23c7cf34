package dev.islet.core.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.net.IpPackets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapngWriterTest {
  @TempDir Path folder;

  private record Seen(String note, Optional<Packet> packet) implements TraceEvent {}

  private static final byte[] QUERY =
      HexFormat.of()
          .parseHex("123401000001000000000000" + "036e617304686f6d65046172706100" + "00010001");

  private static InetSocketAddress at(String ip, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), port);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static TraceRecord record(
      long n,
      String service,
      String note,
      Packet.Transport transport,
      InetSocketAddress from,
      InetSocketAddress to,
      byte[] payload) {
    return new TraceRecord(
        n,
        Instant.parse("2026-11-24T08:30:00.123456789Z").plusNanos(n),
        service,
        new Seen(note, Optional.of(new Packet(transport, from, to, payload))));
  }

  private List<String> tshark(Path file, String... arguments) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/tshark"))
            || Files.isExecutable(Path.of("/usr/local/bin/tshark")),
        "needs tshark");
    var command =
        new ArrayList<>(
            List.of(
                "tshark",
                "-r",
                file.toString(),
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE",
                "-o",
                "tcp.check_checksum:TRUE"));
    command.addAll(List.of(arguments));
    var errors = folder.resolve("errors");
    var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return output.lines().toList();
  }

  private Path capture(TraceRecord... records) throws IOException {
    var file = folder.resolve("capture.pcapng");
    try (var writer = new PcapngWriter(Files.newOutputStream(file))) {
      for (var record : records) {
        writer.write(record);
      }
    }
    return file;
  }

  @Test
  void wiresharkReadsCommentsTimesAndProtocols() throws Exception {
    var register =
        """
        REGISTER sip:home.arpa SIP/2.0
        Via: SIP/2.0/UDP 192.168.7.20:5060;branch=z9hG4bK1
        From: <sip:100@home.arpa>;tag=1
        To: <sip:100@home.arpa>
        Call-ID: 1@192.168.7.20
        CSeq: 1 REGISTER
        Content-Length: 0

        """
            .replace("\n", "\r\n");
    var file =
        capture(
            record(
                0,
                "dns",
                "asked for nas.home.arpa — RFC 1035 §4.1",
                Packet.Transport.UDP,
                at("192.168.7.20", 40000),
                at("192.168.7.1", 53),
                QUERY),
            record(
                1,
                "dns",
                "the same over IPv6, odd length",
                Packet.Transport.UDP,
                at("2001:db8::2", 40001),
                at("2001:db8::1", 53),
                QUERY),
            new TraceRecord(2, Instant.now(), "dns", new Seen("no packet", Optional.empty())),
            record(
                3,
                "voip",
                "",
                Packet.Transport.UDP,
                at("192.168.7.20", 5060),
                at("192.168.7.1", 5060),
                register.getBytes(UTF_8)),
            record(
                4,
                "dhcp",
                "as it was on the wire",
                Packet.Transport.IP,
                at("0.0.0.0", 68),
                at("255.255.255.255", 67),
                IpPackets.udp(at("0.0.0.0", 68), at("255.255.255.255", 67), 16, new byte[9])));
    var rows =
        tshark(
            file,
            "-T",
            "fields",
            "-E",
            "separator=|",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.interface_name",
            "-e",
            "frame.comment",
            "-e",
            "dns.qry.name",
            "-e",
            "sip.Method",
            "-e",
            "ip.ttl",
            "-e",
            "ip.checksum.status",
            "-e",
            "udp.checksum.status");
    assertThat(rows)
        .containsExactly(
            "1795509000.123456789|dns|asked for nas.home.arpa — RFC 1035 §4.1|nas.home.arpa||64|1|1",
            "1795509000.123456790|dns|the same over IPv6, odd length|nas.home.arpa||||1",
            "1795509000.123456792|voip|||REGISTER|64|1|1",
            "1795509000.123456793|dhcp|as it was on the wire|||16|1|1");
    assertThat(tshark(file, "-Y", "_ws.malformed && !dhcp")).isEmpty();
  }

  @Test
  void tcpStreamsArePutTogetherAgain() throws Exception {
    var client = at("192.168.7.20", 50000);
    var server = at("192.168.7.1", 80);
    var body = "x".repeat(150_000);
    var file =
        capture(
            record(
                0,
                "web",
                "asks",
                Packet.Transport.TCP,
                client,
                server,
                text("GET /big HTTP/1.1\r\n")),
            record(1, "web", "more", Packet.Transport.TCP, client, server, text("Host: a\r\n\r\n")),
            record(
                2,
                "web",
                "answers",
                Packet.Transport.TCP,
                server,
                client,
                text("HTTP/1.1 200 OK\r\nContent-Length: 150000\r\n\r\n" + body)),
            record(
                3,
                "web",
                "again",
                Packet.Transport.TCP,
                client,
                server,
                text("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")),
            record(
                4,
                "web",
                "answers",
                Packet.Transport.TCP,
                server,
                client,
                text("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")));
    assertThat(
            tshark(
                file,
                "-Y",
                "http",
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-e",
                "http.request.uri",
                "-e",
                "http.response.code",
                "-e",
                "http.content_length",
                "-e",
                "tcp.checksum.status"))
        .containsExactly("/big|||1", "|200|150000|1", "/2|||1", "|404|0|1");
    assertThat(tshark(file, "-Y", "tcp.analysis.flags")).isEmpty();
    assertThat(tshark(file)).hasSize(7);
  }

  @Test
  void oddInputsStillMakeAReadableFile() throws Exception {
    var unresolved = InetSocketAddress.createUnresolved("nas.home.arpa", 53);
    var file =
        capture(
            record(
                0,
                "dns",
                "é".repeat(40_000),
                Packet.Transport.UDP,
                unresolved,
                at("::1", 1),
                QUERY),
            record(
                1,
                "dns",
                "huge",
                Packet.Transport.UDP,
                at("::1", 1),
                at("::1", 2),
                new byte[70_000]),
            record(
                2, "web", "empty", Packet.Transport.TCP, at("::1", 1), at("::1", 2), new byte[0]),
            record(
                3,
                "web",
                "mixed",
                Packet.Transport.TCP,
                at("::1", 1),
                at("10.0.0.1", 2),
                new byte[1]));
    assertThat(tshark(file, "-T", "fields", "-e", "frame.comment"))
        .hasSize(4)
        .element(0)
        .satisfies(c -> assertThat(c).matches("é+").hasSize(32_767));
  }

  @Test
  void blocksAreWholeAndAlignedWithoutAnyTool() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var writer = new PcapngWriter(bytes)) {
      for (int i = 1; i < 9; i++) {
        writer.write(
            record(
                i,
                "s" + i % 2,
                "n".repeat(i),
                Packet.Transport.UDP,
                at("10.0.0.1", 1),
                at("10.0.0.2", 2),
                new byte[i]));
      }
    }
    var in = ByteBuffer.wrap(bytes.toByteArray());
    var types = new ArrayList<Integer>();
    while (in.hasRemaining()) {
      int start = in.position();
      types.add(in.getInt());
      int length = in.getInt();
      assertThat(length % 4).isZero();
      assertThat(in.getInt(start + length - 4)).isEqualTo(length);
      in.position(start + length);
    }
    assertThat(types).containsExactly(0x0A0D0D0A, 1, 6, 1, 6, 6, 6, 6, 6, 6, 6);
  }

  private static byte[] text(String s) {
    return s.getBytes(UTF_8);
  }
}
