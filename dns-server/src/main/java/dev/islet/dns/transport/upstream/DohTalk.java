package dev.islet.dns.transport.upstream;

import dev.islet.dns.wire.DohRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * DNS over HTTPS as a client (RFC 8484), over HTTP/2: POST, because it may be padded and its URL
 * tells nothing; the id is 0 on the wire. Questions over the server's limit of streams wait.
 */
final class DohTalk extends Http2ConnectionHandler implements Talk {
  private static final int MAX_HEADERS = 16_384;

  /** A question with what has come of its reply. */
  private static final class Waiting {
    final Ask ask;
    final ByteBuf body = Unpooled.buffer(0, DohRequest.MAX_MESSAGE);
    String status = "";
    String type = "";
    boolean over;

    Waiting(Ask ask) {
      this.ask = ask;
    }
  }

  static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<DohTalk, DohTalk.Builder> {
    private final Ear ear;
    private final String authority;
    private final String path;

    Builder(Ear ear, String authority, String path) {
      this.ear = ear;
      this.authority = authority;
      this.path = path;
      server(false);
      initialSettings(
          Http2Settings.defaultSettings()
              .pushEnabled(false)
              .initialWindowSize(DohRequest.MAX_MESSAGE + 1)
              .maxHeaderListSize(MAX_HEADERS));
      gracefulShutdownTimeoutMillis(0);
    }

    @Override
    protected DohTalk build() {
      return super.build();
    }

    @Override
    protected DohTalk build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      var talk = new DohTalk(decoder, encoder, settings, ear, authority, path);
      frameListener(talk.new Frames());
      return talk;
    }
  }

  private final Ear ear;
  private final String authority;
  private final String path;
  private final Http2Connection.PropertyKey key;
  private final ArrayDeque<Ask> line = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;

  private DohTalk(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Ear ear,
      String authority,
      String path) {
    super(decoder, encoder, settings);
    this.ear = ear;
    this.authority = authority;
    this.path = path;
    this.key = connection().newKey();
    connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamClosed(Http2Stream stream) {
                closed(stream);
              }

              @Override
              public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                ear.leaving();
              }
            });
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  public void ask(Ask ask) {
    line.add(ask);
    next();
  }

  @Override
  public void forget(Ask ask) {
    if (line.remove(ask) || context == null) {
      return;
    }
    for (var stream : streams()) {
      if (stream.getProperty(key) instanceof Waiting waiting && waiting.ask == ask) {
        waiting.over = true;
        resetStream(context, stream.id(), Http2Error.CANCEL.code(), context.newPromise());
        flush(context);
      }
    }
  }

  private Iterable<Http2Stream> streams() {
    var all = new ArrayDeque<Http2Stream>();
    try {
      connection().forEachActiveStream(all::add);
    } catch (io.netty.handler.codec.http2.Http2Exception e) {
      throw new IllegalStateException(e); // the visitor throws nothing
    }
    return all;
  }

  private void next() {
    var ctx = context;
    while (ctx != null && !line.isEmpty() && connection().local().canOpenStream()) {
      send(ctx, line.remove());
    }
  }

  private void send(ChannelHandlerContext ctx, Ask ask) {
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      ear.leaving();
      ear.refused(ask, "the connection has no more streams");
      return;
    }
    var headers =
        new DefaultHttp2Headers(false)
            .method("POST")
            .scheme("https")
            .authority(authority)
            .path(path)
            .set("accept", DohRequest.MEDIA_TYPE)
            .set("content-type", DohRequest.MEDIA_TYPE)
            .setInt("content-length", ask.message.length);
    var message = ask.message.clone();
    message[0] = 0;
    message[1] = 0;
    encoder().writeHeaders(ctx, id, headers, 0, false, ctx.newPromise());
    var stream = connection().stream(id);
    if (stream == null) {
      ear.refused(ask, "the stream could not be opened");
      return;
    }
    stream.setProperty(key, new Waiting(ask));
    encoder().writeData(ctx, id, Unpooled.wrappedBuffer(message), 0, true, ctx.newPromise());
    flush(ctx);
  }

  private void closed(Http2Stream stream) {
    if (stream.getProperty(key) instanceof Waiting waiting && !waiting.over) {
      waiting.over = true;
      ear.refused(waiting.ask, "the stream was closed before its reply");
    }
    if (context != null) {
      context.executor().execute(this::next);
    }
  }

  private void whole(Waiting waiting) {
    waiting.over = true;
    var ask = waiting.ask;
    if (!waiting.status.equals("200")) {
      ear.refused(ask, "HTTP status " + waiting.status);
    } else if (!waiting.type.startsWith(DohRequest.MEDIA_TYPE)
        || waiting.body.readableBytes() < 2) {
      ear.refused(ask, "content of type \"" + waiting.type + "\"");
    } else {
      var message = new byte[waiting.body.readableBytes()];
      waiting.body.readBytes(message);
      message[0] = ask.message[0];
      message[1] = ask.message[1];
      ear.replied(ask, message);
    }
  }

  private @Nullable Waiting waiting(int id) {
    var stream = connection().stream(id);
    return stream != null && stream.getProperty(key) instanceof Waiting w && !w.over ? w : null;
  }

  private final class Frames extends Http2FrameAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
      var waiting = waiting(id);
      if (waiting == null) {
        return;
      }
      if (headers.status() != null && headers.status().charAt(0) != '1') {
        waiting.status = headers.status().toString();
        waiting.type = String.valueOf(headers.get("content-type"));
      }
      if (end) {
        whole(waiting);
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
    public int onDataRead(
        ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
      var waiting = waiting(id);
      int size = data.readableBytes() + padding;
      if (waiting == null) {
        return size;
      }
      if (waiting.body.readableBytes() + data.readableBytes() > DohRequest.MAX_MESSAGE) {
        waiting.over = true;
        ear.refused(waiting.ask, "a reply of more than " + DohRequest.MAX_MESSAGE + " bytes");
        resetStream(ctx, id, Http2Error.CANCEL.code(), ctx.newPromise());
        return size;
      }
      waiting.body.writeBytes(data);
      if (end) {
        whole(waiting);
      }
      return size;
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
      next();
    }
  }
}
