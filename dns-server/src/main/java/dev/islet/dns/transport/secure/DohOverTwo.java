package dev.islet.dns.transport.secure;

import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.wire.DohRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * DNS over HTTP/2 (RFC 8484, RFC 9113): one question a stream.
 *
 * <p>What a peer can cost is bounded: streams by a number that clients may take for granted before
 * they have seen our SETTINGS (RFC 9113 section 6.5.2), counted here as well because those bind
 * only who has acknowledged them; of these, questions beyond the pipeline wait for their turn;
 * bodies by the flow control window of the connection, which opens again only when a body is whole;
 * headers by their list size; resets, and frames that carry no question, by a budget that whole
 * questions fill up again.
 */
final class DohOverTwo extends Http2ConnectionHandler implements Http2FrameListener {
  private static final int MAX_HEADERS = 16_384;
  private static final int MAX_TARGET = 8_192;

  /** Fewer would be refused to clients that begin before our SETTINGS have come. */
  private static final int LEAST_STREAMS = 100;

  /** A stream's window takes the longest body, and one byte more to see that it is too long. */
  private static final int STREAM_WINDOW = DohRequest.MAX_MESSAGE + 1;

  /** Added to the connection's window: two of the longest bodies fit. */
  private static final int CONNECTION_WINDOW_MORE = 2 * STREAM_WINDOW;

  private static final int RESETS = 100;
  private static final int RESET_WINDOW_SECONDS = 30;
  private static final int CONTROL_FRAMES = 200;
  private static final int EARNED = 10;
  private static final int QUEUED_CONTROL_FRAMES = 1_000;

  /** A request whose body is not yet whole. */
  private static final class Body {
    final @Nullable DohRequest judged;
    final boolean bodiless;
    final ByteBuf bytes = Unpooled.buffer(0, DohRequest.MAX_MESSAGE);
    int held;

    Body(@Nullable DohRequest judged, boolean bodiless) {
      this.judged = judged;
      this.bodiless = bodiless;
    }
  }

  /** A question that waits for its turn. */
  private record Waiting(int id, byte[] message, boolean bodiless) {}

  private static int streams(Visit visit) {
    return Math.max(LEAST_STREAMS, visit.pipeline());
  }

  static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<DohOverTwo, DohOverTwo.Builder> {
    private final Visit visit;
    private final String path;

    Builder(Visit visit, String path) {
      this.visit = visit;
      this.path = path;
      server(true);
      initialSettings(
          Http2Settings.defaultSettings()
              .maxConcurrentStreams(streams(visit))
              .initialWindowSize(STREAM_WINDOW)
              .maxHeaderListSize(MAX_HEADERS));
      decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_WINDOW_SECONDS);
      encoderEnforceMaxRstFramesPerWindow(RESETS, RESET_WINDOW_SECONDS);
      encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_FRAMES);
      gracefulShutdownTimeoutMillis(0);
    }

    @Override
    protected DohOverTwo build() {
      return super.build();
    }

    @Override
    protected DohOverTwo build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      var handler = new DohOverTwo(decoder, encoder, settings, visit, path);
      frameListener(handler);
      return handler;
    }
  }

  private final Visit visit;
  private final String path;
  private final Http2Connection.PropertyKey bodies;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int budget = CONTROL_FRAMES;

  private DohOverTwo(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Visit visit,
      String path) {
    super(decoder, encoder, settings);
    this.visit = visit;
    this.path = path;
    this.bodies = encoder.connection().newKey();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    decoder()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW_MORE);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
    var stream = connection().stream(id);
    if (stream.getProperty(bodies) instanceof Body body) {
      if (end) {
        whole(ctx, id, body); // trailers say nothing to us
      }
      return;
    }
    if (stream.isHeadersSent()) {
      return; // refused before it was whole
    }
    var method = text(headers.method());
    boolean bodiless = method.equals("HEAD");
    var judged = judge(headers, method);
    if (connection().remote().numActiveStreams() > streams(visit)) {
      visit.rejected("https-streams");
      resetStream(ctx, id, Http2Error.REFUSED_STREAM.code(), ctx.newPromise());
    } else if (judged instanceof DohRequest.Refused refused && !end) {
      refuse(ctx, id, refused, bodiless, true);
    } else {
      var body = new Body(judged, bodiless);
      stream.setProperty(bodies, body);
      if (end) {
        whole(ctx, id, body);
      }
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(ctx, id, headers, padding, end);
  }

  @Override
  public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    int size = data.readableBytes() + padding;
    var stream = connection().stream(id);
    if (stream == null || !(stream.getProperty(bodies) instanceof Body body)) {
      return size; // of a request that was refused
    }
    if (body.judged != null) {
      if (end) {
        whole(ctx, id, body);
      }
      return size;
    }
    if (body.bytes.readableBytes() + data.readableBytes() > DohRequest.MAX_MESSAGE) {
      stream.removeProperty(bodies);
      decoder().flowController().consumeBytes(stream, body.held);
      refuse(ctx, id, DohRequest.tooLong(), body.bodiless, !end);
      return size;
    }
    body.bytes.writeBytes(data);
    if (!end) {
      body.held += size;
      return 0; // the window opens again when the body is whole
    }
    decoder().flowController().consumeBytes(stream, body.held);
    whole(ctx, id, body);
    return size;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int id, long error) throws Http2Exception {
    charge();
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    charge();
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
    charge();
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    charge();
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    charge();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    charge();
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding)
      throws Http2Exception {
    charge();
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext ctx, int last, long error, ByteBuf data) {}

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment)
      throws Http2Exception {
    charge();
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    charge();
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    var name = error == null ? "internal-error" : error.error().name();
    visit.rejected("https-" + name.toLowerCase(Locale.ROOT).replace('_', '-'));
    super.onConnectionError(ctx, outbound, cause, error);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    visit.rejected(
        "https-stream-" + error.error().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    super.onStreamError(ctx, outbound, cause, error);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
      visit.broken(cause);
    } else {
      super.exceptionCaught(ctx, cause);
    }
  }

  private void charge() throws Http2Exception {
    if (--budget < 0) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "more control frames than questions");
    }
  }

  private @Nullable DohRequest judge(Http2Headers headers, String method) {
    var target = text(headers.path());
    if (target.length() > MAX_TARGET) {
      return new DohRequest.Refused(414, "the path is too long");
    }
    long length = headers.getLong("content-length", -1);
    var accept = headers.getAll("accept");
    return DohRequest.head(
        path,
        method,
        target,
        text(headers.get("content-type")),
        text(headers.get("content-encoding")),
        String.join(",", accept),
        length);
  }

  private void whole(ChannelHandlerContext ctx, int id, Body body) {
    connection().stream(id).removeProperty(bodies);
    budget = Math.min(CONTROL_FRAMES, budget + EARNED);
    var request = body.judged;
    if (request == null) {
      var bytes = new byte[body.bytes.readableBytes()];
      body.bytes.readBytes(bytes);
      request = DohRequest.body(bytes);
    }
    switch (request) {
      case DohRequest.Refused refused -> refuse(ctx, id, refused, body.bodiless, false);
      case DohRequest.Ask(var message) -> {
        waiting.add(new Waiting(id, message, body.bodiless));
        next(ctx);
      }
    }
  }

  /** Asks in turn, as many at a time as may be under way; what was reset meanwhile is left out. */
  private void next(ChannelHandlerContext ctx) {
    while (!waiting.isEmpty() && !visit.full()) {
      var first = waiting.remove();
      if (connection().stream(first.id()) != null) {
        ask(ctx, first);
      }
    }
  }

  private void ask(ChannelHandlerContext ctx, Waiting question) {
    int id = question.id();
    boolean bodiless = question.bodiless();
    boolean said =
        visit.ask(
            ByteBuffer.wrap(question.message()),
            ReplyTo.of(
                reply -> answer(ctx, id, DohReply.of(reply, bodiless)),
                () -> answer(ctx, id, DohReply.noQuestion(bodiless))));
    if (!said) {
      send(ctx, id, DohReply.noQuestion(bodiless), ctx.newPromise());
    }
  }

  private void answered(ChannelHandlerContext ctx) {
    visit.answered();
    if (!waiting.isEmpty()) {
      ctx.executor().execute(() -> next(ctx)); // not within a write that is under way
    }
  }

  /**
   * Refuses.
   *
   * @param more whether the request is still under way: then it is told to stop (RFC 9113 section
   *     8.1)
   */
  private void refuse(
      ChannelHandlerContext ctx,
      int id,
      DohRequest.Refused refused,
      boolean bodiless,
      boolean more) {
    visit.rejected("https-" + refused.status());
    var sent = ctx.newPromise();
    if (more) {
      sent.addListener(
          done -> {
            if (connection().stream(id) != null) {
              resetStream(ctx, id, Http2Error.NO_ERROR.code(), ctx.newPromise());
              flush(ctx);
            }
          });
    }
    send(ctx, id, DohReply.of(refused, bodiless), sent);
  }

  private void answer(ChannelHandlerContext ctx, int id, DohReply reply) {
    if (connection().stream(id) == null) { // reset meanwhile
      answered(ctx);
      return;
    }
    var sent = ctx.newPromise();
    sent.addListener(done -> answered(ctx));
    send(ctx, id, reply, sent);
  }

  private void send(ChannelHandlerContext ctx, int id, DohReply reply, ChannelPromise sent) {
    var headers = new DefaultHttp2Headers(false);
    headers.status(Integer.toString(reply.status()));
    headers.set("content-type", reply.type());
    headers.setInt("content-length", reply.body().length);
    headers.set("cache-control", reply.cacheControl());
    if (reply.status() == 405) {
      headers.set("allow", DohReply.ALLOW);
    }
    if (reply.bodiless()) {
      encoder().writeHeaders(ctx, id, headers, 0, true, sent);
    } else {
      encoder().writeHeaders(ctx, id, headers, 0, false, ctx.newPromise());
      encoder().writeData(ctx, id, Unpooled.wrappedBuffer(reply.body()), 0, true, sent);
      try {
        // The body goes right behind its headers: some clients cannot take them interleaved.
        encoder().flowController().writePendingBytes();
      } catch (Http2Exception e) {
        onError(ctx, true, e);
      }
    }
    // Each reply is a record of TLS: dnsperf takes one reply of a record, and waits for another.
    flush(ctx);
  }

  private static String text(@Nullable CharSequence value) {
    return value == null ? "" : value.toString();
  }
}
