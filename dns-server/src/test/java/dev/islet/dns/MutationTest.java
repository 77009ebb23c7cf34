package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.wire.Tsig;
import dev.islet.dns.wire.TsigKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Update;

/**
 * Ten thousand spoiled messages on each port: nothing breaks, nothing grows, questions get answers.
 */
class MutationTest {
  private static final int MUTATIONS = 10_000;
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final TsigKey KEY =
      new TsigKey(
          Name.fromConstantString("k."),
          TsigAlgorithm.HMAC_SHA256,
          "0123456789abcdef0123456789abcdef".getBytes());

  private final Random random = new Random(20_261_124);

  private static DnsServer serve() {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .key("k.", SECRET)
                    .zone(
                        "home.arpa",
                        z ->
                            z.a("nas", "192.168.7.10")
                                .cname("files", "nas")
                                .a("*.w", "10.0.0.1")
                                .update("k.")))
        .start();
  }

  private static List<byte[]> valid() {
    var messages = new ArrayList<byte[]>();
    messages.add(Asker.query("nas.home.arpa.", "A").toWire());
    messages.add(Asker.withEdns(Asker.query("files.home.arpa.", "AAAA"), 1232).toWire());
    messages.add(Asker.withEdns(Asker.query("x.y.w.home.arpa.", "ANY"), 4096).toWire());
    messages.add(Asker.query("www.example.com.", "HTTPS").toWire());
    var update = new Update(Name.fromConstantString("home.arpa."));
    try {
      update.absent(Name.fromConstantString("new.home.arpa."));
      update.add(Name.fromConstantString("new.home.arpa."), 1, 300, "10.0.0.2");
      update.delete(Name.fromConstantString("old.home.arpa."));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    messages.add(Tsig.signRequest(update.toWire(), KEY, Instant.now()));
    messages.add(Tsig.signRequest(Asker.query("nas.home.arpa.", "A").toWire(), KEY, Instant.now()));
    return messages;
  }

  private byte[] mutated(byte[] message) {
    return mutated(message, random);
  }

  static byte[] mutated(byte[] message, Random random) {
    var bytes = message.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
        case 2 -> {
          if (bytes.length > 12) { // counts
            bytes[4 + random.nextInt(8)] = (byte) random.nextInt(4);
          }
        }
        case 3 -> {
          if (bytes.length > 14) { // pointers
            int at = random.nextInt(12, bytes.length - 1);
            bytes[at] = (byte) (0xC0 | random.nextInt(4));
            bytes[at + 1] = (byte) random.nextInt();
          }
        }
        default -> {
          if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          }
        }
      }
      if (bytes.length == 0) {
        break;
      }
    }
    return bytes;
  }

  @Test
  void over_udp() throws IOException {
    try (var dns = serve();
        var asker = Asker.of(dns);
        var noise = Asker.of(dns)) {
      var valid = valid();
      long before = used();
      for (int i = 0; i < MUTATIONS; i++) {
        noise.send(mutated(valid.get(random.nextInt(valid.size()))));
        if (i % 100 == 0) {
          answersStill(asker);
          drain(noise);
        }
      }
      answersStill(asker);
      assertThat(used() - before).as("heap grown, in bytes").isLessThan(32L << 20);
    }
  }

  /** Every reply to noise is a response, and small. */
  private static void drain(Asker noise) throws IOException {
    for (var reply = noise.heard(); reply.length > 0; reply = noise.heard()) {
      assertThat(reply.length).isBetween(12, 1232);
      assertThat(reply[2] & 0x80).isEqualTo(0x80);
    }
  }

  @Test
  void over_tcp() throws IOException {
    try (var dns = serve();
        var asker = Asker.of(dns)) {
      var valid = valid();
      int sent = 0;
      while (sent < MUTATIONS) {
        try (var stream = asker.stream()) {
          for (int i = 0; i < 200; i++, sent++) {
            var message = mutated(valid.get(random.nextInt(valid.size())));
            var framed = ByteBuffer.allocate(message.length + 2);
            boolean lie = random.nextInt(500) == 0;
            framed.putShort((short) (lie ? random.nextInt(65_536) : message.length)).put(message);
            stream.raw(framed.array());
          }
        } catch (IOException e) {
          assertThat(e).isInstanceOf(java.net.SocketException.class); // it closed first
        }
        answersStill(asker);
      }
      var reply = asker.tcp(Asker.query("nas.home.arpa.", "A"));
      assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
    }
  }

  private static void answersStill(Asker asker) throws IOException {
    var query = Asker.query("nas.home.arpa.", "A");
    var reply = asker.ask(query);
    assertThat(reply.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
