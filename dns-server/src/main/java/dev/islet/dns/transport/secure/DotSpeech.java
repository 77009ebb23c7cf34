package dev.islet.dns.transport.secure;

import dev.islet.dns.model.ReplyTo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * DNS over TLS: messages behind two bytes of length (RFC 7858 section 3.3), replies in the order
 * they get ready, those to questions that came together in one record. Nothing is read while as
 * many questions are under way as the pipeline allows.
 *
 * <p>Not a decoder of Netty's: those go on reading as long as they have produced nothing.
 */
final class DotSpeech extends ChannelInboundHandlerAdapter {
  /** What a TLS record holds (RFC 8446 section 5.1). */
  private static final int RECORD = 16_384;

  private static final int FIRST = 1_024;

  private final Visit visit;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private boolean reading;

  /** Replies that leave together, and how many; what has been read is not yet all answered. */
  private ByteBuf ready = Unpooled.EMPTY_BUFFER;

  private int count;

  DotSpeech(Visit visit) {
    this.visit = visit;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    pending =
        ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, (ByteBuf) message);
    serve(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    leave(ctx);
    ctx.flush();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
    ready.release();
    ready = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    visit.broken(cause);
  }

  private void serve(ChannelHandlerContext ctx) {
    while (pending.readableBytes() >= 2) {
      int length = pending.getUnsignedShort(pending.readerIndex());
      if (pending.readableBytes() < 2 + length) {
        break;
      }
      if (visit.full()) {
        ctx.channel().config().setAutoRead(false);
        return;
      }
      pending.skipBytes(2);
      visit.ask(
          pending.nioBuffer(pending.readerIndex(), length),
          ReplyTo.of(reply -> send(ctx, reply), () -> sent(ctx, 1)));
      pending.skipBytes(length);
    }
    if (pending.isReadable()) {
      pending.discardSomeReadBytes();
    } else {
      pending.release();
      pending = Unpooled.EMPTY_BUFFER;
    }
  }

  private void send(ChannelHandlerContext ctx, byte[] reply) {
    if (count > 0 && ready.readableBytes() + 2 + reply.length > RECORD) {
      leave(ctx);
    }
    if (count == 0) {
      ready = ctx.alloc().buffer(Math.max(FIRST, reply.length + 2));
    }
    // One buffer, so that length and message travel in one record (RFC 7766 section 8).
    ready.writeShort(reply.length).writeBytes(reply);
    count++;
    if (!reading) {
      leave(ctx);
      ctx.flush();
    }
  }

  private void leave(ChannelHandlerContext ctx) {
    if (count > 0) {
      int replies = count;
      var together = ready;
      count = 0;
      ready = Unpooled.EMPTY_BUFFER;
      ctx.write(together).addListener(done -> sent(ctx, replies));
    }
  }

  private void sent(ChannelHandlerContext ctx, int replies) {
    if (!ctx.channel().config().isAutoRead()) {
      ctx.channel().config().setAutoRead(true);
      ctx.executor().execute(() -> resume(ctx)); // not within a write that is under way
    }
    for (int i = 0; i < replies; i++) {
      visit.answered();
    }
  }

  /** Serves what had come already when the pipeline was full. */
  private void resume(ChannelHandlerContext ctx) {
    try {
      reading = true;
      serve(ctx);
      channelReadComplete(ctx);
    } catch (RuntimeException e) {
      visit.broken(e);
    }
  }
}
