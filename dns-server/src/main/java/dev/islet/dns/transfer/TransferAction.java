package dev.islet.dns.transfer;

import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.zone.Zone;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;

/** What the {@link TransferEngine} wants done. */
public sealed interface TransferAction {
  /**
   * Send a NOTIFY and wait for its answer; the answer or its lack is an event.
   *
   * @param message to be signed if the peer has a key
   */
  record Notify(long exchange, Peer peer, byte[] message) implements TransferAction {}

  /**
   * Ask a primary for what is newer than what is held; how it ends is an event.
   *
   * @param dialog what to say; used by the one who does this
   */
  record Fetch(long exchange, Peer primary, TransferDialog dialog) implements TransferAction {}

  /**
   * Keep a secondary zone and let every new question see it.
   *
   * @param steps that lead to it from what was kept before; none for a whole new zone
   */
  record Adopt(Zone zone, Optional<List<Difference>> steps) implements TransferAction {}

  /** Remember that a secondary zone was found to be current. */
  record Confirm(Name zone) implements TransferAction {}

  /** Answer nothing from a secondary zone any more, but SERVFAIL; its copy is too old. */
  record Withdraw(Name zone) implements TransferAction {}

  /** Tell who listens to the trace. */
  record Tell(DnsEvent event) implements TransferAction {}
}
