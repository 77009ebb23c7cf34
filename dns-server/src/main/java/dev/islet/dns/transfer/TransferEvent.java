package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.net.InetAddress;
import java.util.List;
import org.xbill.DNS.Name;

/** What can happen to the {@link TransferEngine}. */
public sealed interface TransferEvent {
  /**
   * A zone of ours has a new serial.
   *
   * @param tell whom to tell
   */
  record Published(Zone zone, List<Peer> tell) implements TransferEvent {
    public Published {
      tell = List.copyOf(tell);
    }
  }

  /** A secondary answered to a NOTIFY, whatever it said (RFC 1996 section 3.6). */
  record NotifyAnswered(long exchange, int rcode) implements TransferEvent {}

  /** A NOTIFY got no answer that could be used. */
  record NotifyFailed(long exchange, String why) implements TransferEvent {}

  /** A primary says that a zone has changed. */
  record Notified(Name zone, InetAddress primary) implements TransferEvent {}

  /** What a primary was asked for is here, or will not come. */
  record Fetched(long exchange, Outcome outcome) implements TransferEvent {}
}
