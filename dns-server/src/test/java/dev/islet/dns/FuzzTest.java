package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.wire.MessageView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/** Spoiled bytes and spoiled text, always the same ones: readers say what is wrong, and no more. */
class FuzzTest {
  private static final int MESSAGES = 300_000;
  private static final int FILES = 20_000;
  private static final Name ORIGIN = Name.fromConstantString("home.arpa.");

  private static final String ZONE =
      """
      $TTL 1h
      @ SOA ns host ( 1 2h 3 ; comment
        4 5 )
      @ NS ns
      ns A 10.0.0.1
        AAAA 2001:db8::1
      $ORIGIN sub
      $GENERATE 1-4/2 h${-1,3,x} 60 IN A 10.0.0.$
      $GENERATE 1-2 ${0,3,n} MX "1$ mail.$"
      t\\.x 5m IN TXT "quo\\"ted" plain\\065 "a;b"
      u TYPE65280 \\# 3 010203
      s SVCB 1 . alpn="h2,h3" port=853 ipv6hint=2001:db8::1 key667=x
      n NAPTR 1 2 "S" "SIP+D2U" "!^.*$!x!" _sip._udp
      l LOC 52 14 05 N 00 08 50 E 10m
      d SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      c CAA 0 issue "ca.example"
      p APL 1:192.168.32.0/21 !2:2001:db8::/32
      *.w CNAME @
      """;

  private static byte[] spoiled(byte[] original, Random random) {
    var bytes = original.clone();
    for (int i = random.nextInt(5); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 ->
            bytes[at] =
                List.of((byte) 0xC0, (byte) 0xFF, (byte) 0, (byte) '(', (byte) '"')
                    .get(random.nextInt(5));
        case 4 -> { // a piece of it once more
          int length = Math.min(random.nextInt(20), bytes.length - at);
          int to = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes.clone(), at, bytes, to, length);
        }
        default -> { // a piece taken out
          int length = Math.min(random.nextInt(8), bytes.length - at);
          var shorter = Arrays.copyOf(bytes, bytes.length - length);
          System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
          bytes = shorter;
        }
      }
    }
    return bytes;
  }

  private static List<byte[]> messages() throws IOException {
    var zone = RandomZones.ORIGINS.getFirst();
    var answer = Asker.withEdns(Asker.query("www." + zone, "A"), 1232);
    for (int i = 0; i < 5; i++) {
      answer.addRecord(
          org.xbill.DNS.Record.fromString(
              Name.fromConstantString("www." + zone), 1, 1, 60, "10.0.0." + i, ORIGIN),
          1);
    }
    return List.of(
        Asker.query("nas.home.arpa.", "A").toWire(),
        Asker.withEdns(Asker.query("a.b.c.d.home.arpa.", "HTTPS"), 4096).toWire(),
        answer.toWire());
  }

  /** Whatever the view calls well-formed another library can read, the same question in it. */
  @Test
  void messages_are_well_formed_or_say_where_not() throws IOException {
    var random = new Random(7);
    var view = new MessageView();
    var originals = messages();
    int good = 0;
    for (int i = 0; i < MESSAGES; i++) {
      var bytes = spoiled(originals.get(i % originals.size()), random);
      boolean read = view.read(ByteBuffer.wrap(bytes));
      if (!read) {
        assertThat(view.malformed().offset()).isBetween(0, bytes.length + 65_546);
        continue;
      }
      good++;
      if (view.count(0) == 1) {
        var question = new Message(headed(bytes)).getQuestion();
        assertThat(view.questionName()).isEqualTo(question.getName());
        assertThat(view.questionType()).isEqualTo(question.getType());
        view.questionClass();
      }
      if (view.hasOpt()) {
        assertThat(view.udpSize()).isBetween(512, 65_535);
        view.ednsVersion();
        view.dnssecOk();
      }
      if (view.hasCookie()) {
        view.clientCookie();
        assertThat(view.serverCookieSize()).isBetween(0, 32);
      }
    }
    assertThat(good).as("well-formed ones").isBetween(MESSAGES / 100, MESSAGES - MESSAGES / 100);
  }

  /** Its header and question alone. */
  private static byte[] headed(byte[] message) {
    int at = 12;
    while (message[at] != 0) {
      at += message[at] + 1;
    }
    var head = Arrays.copyOf(message, at + 5);
    Arrays.fill(head, 6, 12, (byte) 0);
    return head;
  }

  @Test
  void master_files_become_zones_or_faults_with_a_line() throws ZoneFault {
    var random = new Random(8);
    var original = ZONE.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(MasterFile.lines(List.of(ZONE), ORIGIN, "fuzz").names()).isGreaterThan(10);
    int zones = 0;
    for (int i = 0; i < FILES; i++) {
      var text =
          new String(spoiled(original, random), java.nio.charset.StandardCharsets.ISO_8859_1);
      try {
        MasterFile.lines(List.of(text), ORIGIN, "fuzz");
        zones++;
      } catch (ZoneFault e) {
        assertThat(e.toString()).startsWith("fuzz");
        assertThat(e.line()).isBetween(0, 60);
      }
    }
    assertThat(zones).as("still zones").isBetween(FILES / 100, FILES - FILES / 100);
  }
}
