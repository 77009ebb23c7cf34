package dev.islet.dns.transport.secure;

import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.wire.MessageView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;

/**
 * One question over QUIC: a stream of its own with one message behind two bytes of length, whose
 * end the client says; the reply goes back in the same form and ends the stream (RFC 9250 section
 * 4.2). What is not so ends the connection with {@code DOQ_PROTOCOL_ERROR} (section 4.3.3).
 */
final class DoqSpeech extends ChannelInboundHandlerAdapter {
  private static final int PROTOCOL_ERROR = 0x2;
  private static final int EXCESSIVE_LOAD = 0x4;
  private static final int UNSPECIFIED_ERROR = 0x5;

  private final Visit visit;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private boolean asked;

  DoqSpeech(Visit visit) {
    this.visit = visit;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    pending =
        ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, (ByteBuf) message);
    boolean more =
        pending.readableBytes() > 2
            && pending.readableBytes() > 2 + pending.getUnsignedShort(pending.readerIndex());
    if (more || asked) {
      fault(ctx, "doq-more-than-a-message");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == ChannelInputShutdownEvent.INSTANCE && !asked) {
      ask(ctx);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof QuicException) {
      ctx.close(); // the client gave the question up; others of the connection go on
    } else {
      visit.broken(cause);
    }
  }

  private void ask(ChannelHandlerContext ctx) {
    asked = true;
    var stream = (QuicStreamChannel) ctx.channel();
    int length = pending.readableBytes() < 2 ? -1 : pending.getUnsignedShort(pending.readerIndex());
    if (length < 0 || pending.readableBytes() != 2 + length) {
      fault(ctx, "doq-no-whole-message");
      return;
    }
    if (visit.full()) {
      visit.rejected("doq-pipeline");
      stream.shutdown(EXCESSIVE_LOAD);
      return;
    }
    var message = pending.nioBuffer(pending.readerIndex() + 2, length);
    var view = new MessageView();
    if (view.read(message) && (view.id() != 0 || view.keepaliveAsked())) {
      fault(ctx, view.id() != 0 ? "doq-message-id" : "doq-keepalive"); // sections 4.2.1 and 5.5.2
      return;
    }
    if (!visit.ask(message, ReplyTo.of(reply -> send(ctx, reply), () -> silence(stream)))) {
      stream.shutdown(UNSPECIFIED_ERROR); // silence: the client need not wait for the end of time
    }
  }

  /** The client need not wait for the end of time. */
  private void silence(QuicStreamChannel stream) {
    stream.shutdown(UNSPECIFIED_ERROR);
    visit.answered();
  }

  private void send(ChannelHandlerContext ctx, byte[] reply) {
    var framed = ctx.alloc().buffer(reply.length + 2);
    framed.writeShort(reply.length).writeBytes(reply);
    ctx.writeAndFlush(framed)
        .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT)
        .addListener(done -> visit.answered());
  }

  private void fault(ChannelHandlerContext ctx, String reason) {
    visit.rejected(reason);
    QuicFront.end(((QuicStreamChannel) ctx.channel()).parent(), PROTOCOL_ERROR);
  }
}
