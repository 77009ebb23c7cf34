package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.islet.testkit.Wait;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;

/** DNS over QUIC with a client of our own, which can misbehave, and with kdig. */
@EnabledIf("available")
class DoqTest {
  private static final int PROTOCOL_ERROR = 2;

  @TempDir Path home;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<Channel> sockets = new ArrayList<>();

  static boolean available() {
    return Quic.isAvailable();
  }

  @AfterEach
  void end() {
    sockets.forEach(s -> s.close().awaitUninterruptibly());
    loops.shutdownGracefully(0, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }

  private DnsServer serve(DnsConfig.TcpConfig limits) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .doq("127.0.0.1", 0)
                    .home(home)
                    .tcp(limits)
                    .zone(
                        "home.arpa",
                        z -> {
                          z.a("nas", "192.0.2.1");
                          for (int i = 0; i < 200; i++) {
                            z.txt("big", "t".repeat(200) + i);
                          }
                        }))
        .start();
  }

  private DnsServer serve() {
    return serve(dev.islet.core.config.ConfigFile.defaults(DnsConfig.TcpConfig.class));
  }

  /** A connection; the code of its end is kept. */
  private final class Connection {
    final CompletableFuture<Integer> ended = new CompletableFuture<>();
    final QuicChannel channel;

    Connection(DnsServer server, String... protocols) throws Exception {
      var trust = io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE;
      var tls =
          QuicSslContextBuilder.forClient()
              .trustManager(trust)
              .applicationProtocols(protocols)
              .build();
      var codec =
          new QuicClientCodecBuilder()
              .sslContext(tls)
              .maxIdleTimeout(20, TimeUnit.SECONDS)
              .initialMaxData(1 << 20)
              .initialMaxStreamDataBidirectionalLocal(1 << 17)
              .build();
      var socket =
          new Bootstrap()
              .group(loops)
              .channel(NioDatagramChannel.class)
              .handler(codec)
              .bind(new InetSocketAddress("127.0.0.1", 0))
              .sync()
              .channel();
      sockets.add(socket);
      channel =
          QuicChannel.newBootstrap(socket)
              .handler(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                      if (event instanceof QuicConnectionCloseEvent close) {
                        ended.complete(close.error());
                      }
                    }
                  })
              .streamHandler(new ChannelInboundHandlerAdapter())
              .remoteAddress(Secure.endpoint(server, "dns/quic"))
              .connect()
              .get(10, TimeUnit.SECONDS);
    }

    /** Sends on a stream of its own; what comes back until the stream's end. */
    CompletableFuture<byte[]> send(byte[] bytes, boolean end) throws Exception {
      var reply = new CompletableFuture<byte[]>();
      var stream =
          channel
              .createStream(
                  QuicStreamType.BIDIRECTIONAL,
                  new ChannelInboundHandlerAdapter() {
                    private final ByteBuf all = Unpooled.buffer();

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                      var part = (ByteBuf) message;
                      all.writeBytes(part);
                      part.release();
                    }

                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                      if (event == ChannelInputShutdownEvent.INSTANCE) {
                        reply.complete(ByteBufUtil.getBytes(all));
                      }
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                      reply.completeExceptionally(cause);
                    }
                  })
              .get(10, TimeUnit.SECONDS);
      var sent = stream.writeAndFlush(Unpooled.wrappedBuffer(bytes));
      if (end) {
        sent.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
      }
      return reply;
    }

    Message ask(Message query) throws Exception {
      var bytes = send(framed(query), true).get(10, TimeUnit.SECONDS);
      int length = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
      assertThat(bytes).as("one message and nothing else").hasSize(length + 2);
      return new Message(java.util.Arrays.copyOfRange(bytes, 2, bytes.length));
    }
  }

  private static Message query(String name, String type) throws Exception {
    var query = Asker.query(name, type);
    query.getHeader().setID(0);
    return query;
  }

  private static Message query(String name, EDNSOption... options) throws Exception {
    var query = query(name, "A");
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
    return query;
  }

  private static byte[] framed(Message query) {
    var wire = query.toWire();
    var all = new byte[wire.length + 2];
    all[0] = (byte) (wire.length >> 8);
    all[1] = (byte) wire.length;
    System.arraycopy(wire, 0, all, 2, wire.length);
    return all;
  }

  @Test
  void each_question_has_a_stream_and_gets_a_whole_reply_with_id_0() throws Exception {
    try (var server = serve()) {
      var connection = new Connection(server, "doq");
      var reply = connection.ask(query("nas.home.arpa.", "A"));
      assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(reply.getHeader().getID()).isZero();
      assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
      assertThat(connection.ask(query("big.home.arpa.", "TXT")).getSection(Section.ANSWER))
          .as("nothing is cut")
          .hasSize(200);
      var all = new ArrayList<CompletableFuture<byte[]>>();
      for (int i = 0; i < 300; i++) { // more than may be open at a time, one after another
        all.add(connection.send(framed(query("nas.home.arpa.", "A")), true));
        if (all.size() == 20) {
          for (var each : all) {
            assertThat(each.get(10, TimeUnit.SECONDS).length).isGreaterThan(12);
          }
          all.clear();
        }
      }
    }
  }

  @Test
  void replies_are_padded_when_the_asker_pads() throws Exception {
    try (var server = serve()) {
      var connection = new Connection(server, "doq");
      var reply = connection.ask(query("nas.home.arpa.", new GenericEDNSOption(12, new byte[40])));
      assertThat(reply.toWire().length % 468).as("RFC 8467 section 4.1").isZero();
    }
  }

  @Test
  void what_is_not_as_it_must_be_ends_the_connection_with_a_protocol_error() throws Exception {
    try (var server = serve()) {
      var numbered = query("nas.home.arpa.", "A");
      numbered.getHeader().setID(7);
      var good = framed(query("nas.home.arpa.", "A"));
      var twice = java.util.Arrays.copyOf(good, good.length * 2);
      var half = java.util.Arrays.copyOf(good, good.length - 3);
      var kept = framed(query("nas.home.arpa.", new TcpKeepaliveOption()));
      for (var bad : List.of(framed(numbered), twice, half, new byte[] {0}, kept)) {
        var connection = new Connection(server, "doq");
        connection.send(bad, true);
        assertThat(connection.ended.get(10, TimeUnit.SECONDS)).isEqualTo(PROTOCOL_ERROR);
      }
      assertThat(new Connection(server, "doq").ask(query("nas.home.arpa.", "A")).getRcode())
          .as("the server goes on")
          .isZero();
    }
  }

  @Test
  void whoever_does_not_say_doq_gets_no_connection() throws Exception {
    try (var server = serve()) {
      assertThat(catchThrowable(() -> new Connection(server, "h3"))).isNotNull();
    }
  }

  @Test
  void one_address_gets_so_many_connections() throws Exception {
    try (var server = serve(new DnsConfig.TcpConfig(10, 2, 100, Duration.ofSeconds(30)))) {
      for (int i = 0; i < 2; i++) {
        assertThat(new Connection(server, "doq").ask(query("nas.home.arpa.", "A")).getRcode())
            .isZero();
      }
      assertThat(catchThrowable(() -> new Connection(server, "doq").ask(query("x.", "A"))))
          .isNotNull();
    }
  }

  @Test
  void an_idle_connection_goes() throws Exception {
    try (var server = serve(new DnsConfig.TcpConfig(10, 2, 100, Duration.ofSeconds(2)))) {
      var connection = new Connection(server, "doq");
      connection.ask(query("nas.home.arpa.", "A"));
      Wait.until(Duration.ofSeconds(20), () -> connection.channel.isActive() ? "still open" : "");
    }
  }

  @Test
  void kdig_asks_over_quic() throws Exception {
    try (var server = serve()) {
      var port = Secure.endpoint(server, "dns/quic").getPort();
      var process =
          new ProcessBuilder(
                  "kdig", "@127.0.0.1", "-p", "" + port, "+quic", "+short", "nas.home.arpa", "A")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      org.junit.jupiter.api.Assumptions.assumeFalse(said.contains("not supported"), said);
      assertThat(said).contains("192.0.2.1");
    }
  }
}
