package dev.islet.voip.admin;

import dev.islet.voip.call.Calls;
import dev.islet.voip.exchange.Exchange;
import dev.islet.voip.media.Relay;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.CallRecord;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What {@code /state} shows.
 *
 * @param domain whose extensions these are
 * @param extensions how many there are
 * @param registrations where extensions are reached now
 * @param calls under way, with the quality of each direction so far
 * @param load how much is under way
 * @param rtpRoom how many calls more the RTP ports have room for
 * @param relayed packets of media by what became of them, since the start
 * @param connections TCP and TLS connections
 * @param finished the latest calls that ended, newest first
 */
public record VoipState(
    String domain,
    int extensions,
    List<Registration> registrations,
    List<Calls.Seen> calls,
    Exchange.Load load,
    int rtpRoom,
    Relay.Counts relayed,
    int connections,
    List<CallRecord> finished) {
  /** How many registrations and calls are listed at most. */
  public static final int LISTED = 1_000;

  /** How many finished calls are listed at most. */
  public static final int FINISHED = 20;

  /**
   * A phone that is reached.
   *
   * @param seconds until it has to renew
   */
  public record Registration(
      String extension,
      String contact,
      String transport,
      InetSocketAddress remote,
      long seconds,
      String agent) {
    /** As seen at a moment. */
    public static Registration of(Binding binding, long now) {
      return new Registration(
          binding.extension(),
          binding.contact(),
          binding.flow().transport().name(),
          binding.flow().remote(),
          Math.max(0, (binding.expires() - now) / 1_000_000_000L),
          binding.agent());
    }
  }
}
