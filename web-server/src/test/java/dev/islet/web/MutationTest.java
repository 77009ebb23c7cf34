package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.web.model.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Valid requests with a few bytes changed: each connection ends, and the server stays well. */
class MutationTest {
  private static final List<String> REQUESTS =
      List.of(
          "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: text/html, */*;q=0.1\r\nCookie: a=b\r\n\r\n",
          "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nContent-Type: text/plain\r\n\r\nhello world",
          "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;e=v\r\n world\r\n0\r\nT: v\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1,4-5\r\nIf-None-Match: \"a\"\r\nAccept-Encoding: gzip, br;q=0\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.0\r\n\r\n",
          "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

  /** Preface, SETTINGS, HEADERS (GET / of x, static table and literals), PING, DATA-less end. */
  private static final byte[] FRAMES =
      HexFormat.of()
          .parseHex(
              HexFormat.of()
                      .formatHex(
                          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                  + "00000c040000000000"
                  + "000300000064"
                  + "00040000ffff"
                  + "000006010500000001"
                  + "828684"
                  + "410178"
                  + "000008060000000000"
                  + "0102030405060708"
                  + "000004080000000000"
                  + "00010000"
                  + "000004030000000001"
                  + "00000008");

  private final WebServer web =
      WebServer.create(
          c ->
              c.listen("127.0.0.1", 0)
                  .h2c(true)
                  .drain(Duration.ofMillis(100))
                  .limits(l -> LimitsFixture.times(l, Duration.ofSeconds(2), Duration.ofSeconds(2)))
                  .site(
                      "x",
                      s ->
                          s.handle("/*", Set.of(), r -> Reply.text("ok"))
                              .files("/f", java.nio.file.Path.of("src"))));

  @Test
  void ten_thousand_mutated_requests_do_no_harm() throws Exception {
    try (web) {
      web.start();
      var address =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), web.endpoints().getFirst().address().getPort());
      // Warm, then measured: what is live must not grow with what was thrown at it.
      storm(address, 0, 1_000);
      long before = live();
      storm(address, 1, 9_500);
      assertThat(live() - before).isLessThan(24L << 20);
      assertThat(Raw.get(web, "x", "/").text()).isEqualTo("ok");
    }
  }

  private static void storm(InetSocketAddress address, int seed, int count) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Long>>();
      int lanes = 16;
      for (int lane = 0; lane < lanes; lane++) {
        var random = new Random(seed * 1_000L + lane);
        all.add(
            threads.submit(
                () -> {
                  long bytes = 0;
                  for (int i = 0; i < count / lanes + 1; i++) {
                    bytes += one(address, mutated(random));
                  }
                  return bytes;
                }));
      }
      long answered = 0;
      for (var each : all) {
        answered += each.get();
      }
      assertThat(answered).isPositive();
    }
  }

  private static byte[] mutated(Random random) {
    var bytes =
        random.nextInt(5) == 0
            ? FRAMES.clone()
            : REQUESTS.get(random.nextInt(REQUESTS.size())).getBytes(StandardCharsets.ISO_8859_1);
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(12), bytes.length - Math.max(at, from));
          System.arraycopy(bytes.clone(), from, bytes, at, Math.max(length, 0));
        }
      }
    }
    return bytes;
  }

  /** Sends, says it has no more to say, and reads to the end; how many bytes came. */
  private static long one(InetSocketAddress address, byte[] bytes) {
    long came = 0;
    try (var channel = SocketChannel.open(address)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.shutdownOutput();
      var buffer = ByteBuffer.allocate(4096);
      for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
        came += n;
      }
    } catch (IOException e) {
      return came; // reset: an end as good as another
    }
    return came;
  }

  private static long live() {
    var runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
