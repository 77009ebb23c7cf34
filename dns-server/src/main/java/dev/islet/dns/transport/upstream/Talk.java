package dev.islet.dns.transport.upstream;

import io.netty.channel.ChannelHandler;

/** A protocol on an open connection, which can have many questions under way. */
interface Talk extends ChannelHandler {
  /** Sends. */
  void ask(Ask ask);

  /** Nobody waits for it any more. */
  void forget(Ask ask);
}
