package dev.islet.dhcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option we can write is read by Wireshark as what it is, without complaint. */
class TsharkTest {
  /** Warnings and errors; that fields are overloaded is a mere note. */
  private static final String COMPLAINTS = "_ws.malformed || _ws.expert.severity >= 6291456";

  /** Options whose bytes only their RFC explains. */
  private static final Map<Integer, String> OWN =
      Map.ofEntries(
          Map.entry(43, "1 number8=4; 2 text=boot"),
          Map.entry(63, "hex:0200"),
          Map.entry(77, "hex:0469505845"),
          Map.entry(78, "hex:000a4d0001"),
          Map.entry(79, "hex:0044656661756c74"),
          Map.entry(90, "hex:0000000000000000000000"),
          Map.entry(93, "7"),
          Map.entry(94, "hex:010201"),
          Map.entry(97, "hex:0000112233445566778899aabbccddeeff"),
          Map.entry(99, "hex:0144450103466f6f"),
          Map.entry(117, "6, 0"),
          Map.entry(122, "hex:01040a4d0001"),
          Map.entry(123, "hex:12000000001200000000411e00000001"),
          Map.entry(124, "hex:0000000904deadbeef"),
          Map.entry(125, "4491 2 text=boot; 4491 3 text=x"),
          Map.entry(144, "hex:12000000001200000000411e00000041"),
          Map.entry(151, "hex:004f4b"),
          Map.entry(158, "hex:040a4d0001"),
          Map.entry(162, "1 dot.home.arpa 10.77.0.1 alpn=dot port=853"),
          Map.entry(212, "hex:0820200100000000000000000000000000000a4d0001"),
          Map.entry(220, "hex:0001"),
          Map.entry(221, "hex:0061"),
          Map.entry(139, "hex:01040a4d0001"),
          Map.entry(140, "hex:01050361626300"),
          Map.entry(146, "hex:010a4d00010a4d00020361626300"),
          Map.entry(159, "hex:00080000"));

  private static String example(OptionKind kind) {
    var own = OWN.get(kind.code());
    if (own != null) {
      return own;
    }
    return switch (kind.format()) {
      case ADDRESS -> "10.77.0.1";
      case ADDRESSES -> "10.77.0.1, 10.77.0.2";
      case PAIRS -> "10.77.0.1 10.77.0.2, 10.78.0.0 255.255.0.0";
      case TEXT -> "home.arpa";
      case URI -> "https://portal.home.arpa/api";
      case FLAG -> "true";
      case NUMBER8 -> "" + Math.max(1, kind.least());
      case NUMBER16, NUMBERS16 -> "1492";
      case NUMBER32 -> "3600";
      case SIGNED32 -> "-3600";
      case CODES -> "1";
      case NAMES, PLAIN_NAMES -> "home.arpa, lab.home.arpa";
      case ROUTES -> "10.0.0.0/8 via 10.77.0.2, 0.0.0.0/0 via 10.77.0.1";
      case FQDN -> "hex:01ffff0362696700";
      case RELAY -> "hex:010467652d310203616263";
      case SIP -> "sip.home.arpa, sip2.home.arpa";
      case EMPTY -> "";
      case VENDOR, VENDORS, DNR, BYTES -> "hex:0102";
    };
  }

  private static byte[] packet(Map<Integer, Octets> options, List<Integer> wanted, int limit) {
    var all = new LinkedHashMap<Integer, Octets>();
    all.put(Code.MESSAGE_TYPE, Octets.of((byte) MessageType.ACK.code()));
    all.put(Code.SERVER_ID, Octets.parse("0a4d0001"));
    all.put(Code.LEASE_TIME, Octets.parse("00000e10"));
    all.put(Code.SUBNET_MASK, Octets.parse("ffffff00"));
    all.putAll(options);
    var message =
        new Message(
            Message.REPLY,
            HardwareAddress.parse("02:00:00:00:00:01"),
            0,
            7,
            0,
            0,
            Ip4.NONE,
            Ip4.parse("10.77.0.50"),
            Ip4.NONE,
            Ip4.NONE,
            Octets.EMPTY,
            Octets.EMPTY,
            Options.of(all));
    return UdpFrame.of(
        Ip4.parse("10.77.0.1"),
        67,
        Ip4.parse("10.77.0.50"),
        68,
        Encoder.encode(message, wanted, limit).bytes());
  }

  /** The classic capture format, link type 101: bare IP. */
  private static void capture(Path file, List<byte[]> packets) throws IOException {
    var out =
        ByteBuffer.allocate(24 + packets.stream().mapToInt(p -> 16 + p.length).sum())
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putLong(0).putInt(65_535);
    out.putInt(101);
    for (var packet : packets) {
      out.putInt(0).putInt(0).putInt(packet.length).putInt(packet.length).put(packet);
    }
    Files.write(file, out.array());
  }

  private static List<String> tshark(Path file, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("tshark", "-r", file.toString()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.lines().toList();
  }

  private static void assumeTshark() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/tshark")), "needs tshark");
  }

  @Test
  void every_option_is_read_as_itself_without_complaint(@TempDir Path folder) throws Exception {
    assumeTshark();
    var file = folder.resolve("options.pcap");
    var codes = new ArrayList<Integer>();
    var packets = new ArrayList<byte[]>();
    for (var kind : OptionKind.known()) {
      if (kind.code() == Code.OVERLOAD || kind.code() == Code.MESSAGE_TYPE) {
        continue; // they change what the rest of the message is
      }
      if (kind.code() == 83) {
        continue; // 10 bytes and addresses by RFC 4174, which Wireshark wants in fours
      }
      codes.add(kind.code());
      packets.add(
          packet(Map.of(kind.code(), OptionText.parse(kind, example(kind))), List.of(), 1_400));
    }
    capture(file, packets);
    var complaints =
        tshark(
            file,
            "-Y",
            COMPLAINTS,
            "-T",
            "fields",
            "-e",
            "frame.number",
            "-e",
            "_ws.expert.message");
    assertThat(complaints.stream().map(c -> codes.get(Integer.parseInt(c.split("\t")[0]) - 1) + c))
        .isEmpty();
    var types = tshark(file, "-T", "fields", "-e", "dhcp.option.type");
    assertThat(types).hasSize(codes.size());
    for (int i = 0; i < codes.size(); i++) {
      assertThat(List.of(types.get(i).split(",")))
          .as("option " + codes.get(i))
          .contains(codes.get(i).toString());
    }
  }

  @Test
  void overload_and_long_options_are_read_too(@TempDir Path folder) throws Exception {
    assumeTshark();
    var file = folder.resolve("long.pcap");
    var crowded = new TreeMap<Integer, Octets>();
    for (int code = 224; code < 236; code++) {
      crowded.put(code, OptionCodec.text("x".repeat(30)));
    }
    var overloaded = packet(crowded, List.of(), 548);
    var split = packet(Map.of(224, OptionCodec.text("y".repeat(700))), List.of(), 1_400);
    capture(file, List.of(overloaded, split));
    assertThat(tshark(file, "-Y", COMPLAINTS, "-T", "fields", "-e", "_ws.expert.message"))
        .isEmpty();
    var types = tshark(file, "-T", "fields", "-e", "dhcp.option.type");
    for (int code = 224; code < 236; code++) {
      assertThat(types.getFirst().split(",")).contains("" + code);
    }
    assertThat(types.get(1).split(",")).filteredOn("224"::equals).hasSize(3);
    for (var packet : List.of(overloaded, split)) {
      var read = Decoder.decode(java.util.Arrays.copyOfRange(packet, 28, packet.length));
      assertThat(read).isInstanceOf(Decoded.Ok.class);
      var options = ((Decoded.Ok) read).message().options();
      assertThat(options.get(224).orElseThrow().size()).isIn(30, 700);
    }
  }
}
