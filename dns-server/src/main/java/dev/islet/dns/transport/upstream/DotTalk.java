package dev.islet.dns.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DNS over TLS as a client (RFC 7858): questions under ids of this connection's own, replies in any
 * order. It gets whole messages, without their length.
 */
final class DotTalk extends SimpleChannelInboundHandler<ByteBuf> implements Talk {
  private final Ear ear;
  private final Map<Integer, Ask> byId = new HashMap<>();
  private @Nullable ChannelHandlerContext context;
  private int last;

  DotTalk(Ear ear) {
    this.ear = ear;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void ask(Ask ask) {
    if (context == null) {
      throw new IllegalStateException("not yet on a connection");
    }
    do {
      last = (last + 1) & 0xFFFF;
    } while (byId.containsKey(last)); // far fewer are under way than there are ids
    byId.put(last, ask);
    var framed = context.alloc().buffer(ask.message.length + 2);
    framed.writeShort(ask.message.length).writeBytes(ask.message).setShort(2, last);
    context.writeAndFlush(framed);
  }

  @Override
  public void forget(Ask ask) {
    byId.values().remove(ask);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
    if (frame.readableBytes() < 2) {
      return;
    }
    var ask = byId.remove(frame.getUnsignedShort(frame.readerIndex()));
    if (ask != null) { // else it came too late
      var message = new byte[frame.readableBytes()];
      frame.readBytes(message);
      message[0] = ask.message[0];
      message[1] = ask.message[1];
      ear.replied(ask, message);
    }
  }
}
