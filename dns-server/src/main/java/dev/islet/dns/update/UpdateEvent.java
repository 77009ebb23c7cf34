package dev.islet.dns.update;

import dev.islet.dns.model.ReplyTo;
import java.net.InetSocketAddress;
import java.time.Instant;

/** What can happen to the {@link UpdateEngine}. */
public sealed interface UpdateEvent {
  /**
   * A message with opcode UPDATE, walked and found well-formed.
   *
   * @param tsigAt offset of its TSIG record, or -1
   * @param questionEnd where its zone section ends
   * @param zones how many entries its zone section has
   * @param wall the time, which signatures are checked against
   */
  record Arrived(
      byte[] message,
      int tsigAt,
      int questionEnd,
      int zones,
      InetSocketAddress client,
      Instant wall,
      ReplyTo replyTo)
      implements UpdateEvent {}
}
