package dev.islet.dns.transport.secure;

import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.wire.DohRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * DNS over HTTP/1.1 (RFC 8484, RFC 9112): one request after another. It asks for one HTTP object at
 * a time, so nothing is read while a reply is under way.
 */
final class DohOverOne extends ChannelInboundHandlerAdapter {
  /** So much of a body that is not wanted is read, so that the refusal arrives before the end. */
  private static final int PATIENCE = 1 << 20;

  private final Visit visit;
  private final String path;
  private final ByteBuf body = Unpooled.buffer(0, DohRequest.MAX_MESSAGE);
  private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();
  private @Nullable DohRequest judged;
  private boolean bodiless;
  private boolean keep;
  private boolean replying;
  private boolean serving;

  /** How much more may be thrown away after a refusal; negative while nothing was refused. */
  private int lingering = -1;

  DohOverOne(Visit visit, String path) {
    this.visit = visit;
    this.path = path;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    waiting.add((HttpObject) message);
    serve(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    visit.broken(cause);
  }

  /** Takes what has come until a reply is under way, and only then stops to read. */
  private void serve(ChannelHandlerContext ctx) {
    if (serving) {
      return; // a reply that left at once: the loop below goes on
    }
    serving = true;
    for (var next = next(); next != null; next = next()) {
      try {
        take(ctx, next);
      } finally {
        ReferenceCountUtil.release(next);
      }
    }
    serving = false;
    ctx.channel().config().setAutoRead(!replying);
  }

  private @Nullable HttpObject next() {
    return replying ? null : waiting.poll();
  }

  private void take(ChannelHandlerContext ctx, HttpObject message) {
    if (lingering >= 0) {
      linger(ctx, message);
    } else if (message.decoderResult().isFailure()) {
      refuse(ctx, fault(message.decoderResult().cause()));
    } else {
      if (message instanceof HttpRequest request) {
        head(ctx, request);
      }
      if (message instanceof HttpContent content && lingering < 0) {
        content(ctx, content);
      }
    }
  }

  private void head(ChannelHandlerContext ctx, HttpRequest request) {
    var version = request.protocolVersion();
    var headers = request.headers();
    keep = HttpUtil.isKeepAlive(request);
    bodiless = request.method().name().equals("HEAD");
    if (version.majorVersion() != 1) {
      refuse(ctx, new DohRequest.Refused(505, "expected HTTP/1.1 or HTTP/2"));
      return;
    }
    if (version.minorVersion() > 0 && headers.getAll(HttpHeaderNames.HOST).size() != 1) {
      refuse(ctx, new DohRequest.Refused(400, "expected one Host header (RFC 9112 section 3.2)"));
      return;
    }
    judged =
        DohRequest.head(
            path,
            request.method().name(),
            request.uri(),
            headers.get(HttpHeaderNames.CONTENT_TYPE, ""),
            headers.get(HttpHeaderNames.CONTENT_ENCODING, ""),
            String.join(",", headers.getAll(HttpHeaderNames.ACCEPT)),
            HttpUtil.getContentLength(request, -1L));
    boolean more =
        HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    if (judged instanceof DohRequest.Refused refused && more) {
      refuse(ctx, refused);
      return;
    }
    if (HttpUtil.is100ContinueExpected(request)) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  private void content(ChannelHandlerContext ctx, HttpContent content) {
    if (judged == null
        && body.readableBytes() + content.content().readableBytes() > DohRequest.MAX_MESSAGE) {
      refuse(ctx, DohRequest.tooLong());
      return;
    }
    if (judged == null) {
      body.writeBytes(content.content());
    }
    if (!(content instanceof LastHttpContent)) {
      return;
    }
    var request = judged;
    if (request == null) {
      var bytes = new byte[body.readableBytes()];
      body.readBytes(bytes).clear();
      request = DohRequest.body(bytes);
    }
    judged = null;
    answer(ctx, request);
  }

  private void answer(ChannelHandlerContext ctx, DohRequest request) {
    replying = true;
    switch (request) {
      case DohRequest.Refused refused -> {
        visit.rejected("https-" + refused.status());
        send(ctx, DohReply.of(refused, bodiless), false);
      }
      case DohRequest.Ask(var message) -> {
        boolean said =
            visit.ask(
                ByteBuffer.wrap(message),
                ReplyTo.of(
                    reply -> send(ctx, DohReply.of(reply, bodiless), true),
                    () -> send(ctx, DohReply.noQuestion(bodiless), true)));
        if (!said) {
          send(ctx, DohReply.noQuestion(bodiless), false);
        }
      }
    }
  }

  /** Refuses in the middle of a request: what is still to come of it is thrown away. */
  private void refuse(ChannelHandlerContext ctx, DohRequest.Refused refused) {
    visit.rejected("https-" + refused.status());
    keep = false;
    lingering = PATIENCE;
    ctx.writeAndFlush(response(DohReply.of(refused, bodiless)));
  }

  private void linger(ChannelHandlerContext ctx, Object message) {
    lingering -= message instanceof HttpContent content ? content.content().readableBytes() : 0;
    boolean over = message instanceof LastHttpContent || !(message instanceof HttpContent);
    if (over || lingering < 0) {
      ctx.close();
    }
  }

  private void send(ChannelHandlerContext ctx, DohReply reply, boolean asked) {
    boolean more = keep;
    ctx.writeAndFlush(response(reply))
        .addListener(
            done -> {
              if (asked) {
                visit.answered();
              }
              if (more && done.isSuccess()) {
                replying = false;
                serve(ctx);
              } else {
                ctx.close();
              }
            });
  }

  private DefaultFullHttpResponse response(DohReply reply) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            reply.bodiless() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()));
    var headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, reply.type());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    headers.set(HttpHeaderNames.CACHE_CONTROL, reply.cacheControl());
    if (reply.status() == 405) {
      headers.set(HttpHeaderNames.ALLOW, DohReply.ALLOW);
    }
    headers.set(
        HttpHeaderNames.CONNECTION, keep ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    return response;
  }

  private static DohRequest.Refused fault(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException e ->
          new DohRequest.Refused(414, "the request line is too long");
      case TooLongHttpHeaderException e -> new DohRequest.Refused(431, "the headers are too long");
      default -> new DohRequest.Refused(400, "not an HTTP request");
    };
  }
}
