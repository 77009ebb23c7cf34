package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** What can happen to the {@link ResolveEngine}. */
public sealed interface ResolveEvent {
  /**
   * Somebody wants to know.
   *
   * @param then called once with the result
   */
  record Wanted(Inquiry inquiry, Consumer<Answer> then) implements ResolveEvent {}

  /**
   * A datagram came in on the port of an exchange.
   *
   * @param exchange number of the {@link ResolveAction.SendDatagram}
   */
  record Datagram(long exchange, InetSocketAddress source, byte[] message)
      implements ResolveEvent {}

  /** The reply over a stream came in whole. */
  record StreamReply(long exchange, byte[] message) implements ResolveEvent {}

  /** Sending or connecting failed: nothing will come. */
  record Failed(long exchange, String why) implements ResolveEvent {}
}
