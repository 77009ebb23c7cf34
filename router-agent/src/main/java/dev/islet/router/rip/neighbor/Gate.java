package dev.islet.router.rip.neighbor;

import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.RipSettings;
import dev.islet.router.rip.wire.Parsed;
import dev.islet.router.rip.wire.Proof;
import dev.islet.router.rip.wire.RipMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Says whether a message is listened to at all (RFC 2453 sections 3.9 and 4.6). */
public final class Gate {
  private Gate() {}

  /**
   * Why a message is refused, in few words from a fixed set; empty if it is admitted.
   *
   * @param own our addresses on the interface it came through
   */
  public static Optional<String> refusal(
      RipSettings settings,
      RipSettings.Port port,
      List<LinkAddress> own,
      InetSocketAddress source,
      Parsed.Good parsed) {
    var message = parsed.message();
    if (message.version() == 1 && !settings.acceptV1()) {
      return Optional.of("version 1 not accepted");
    }
    if (message.command() == RipMessage.Command.RESPONSE && source.getPort() != settings.port()) {
      return Optional.of("response not from the RIP port");
    }
    if (!onNetwork(own, source.getAddress())) {
      return Optional.of("sender not on a connected network");
    }
    if (message.version() == 1 && port.auth() instanceof dev.islet.router.model.RipAuth.Open) {
      return Optional.empty();
    }
    return Proof.check(parsed.proof(), port.auth());
  }

  /** Whether an address lies in one of the networks of these addresses and is none of them. */
  public static boolean onNetwork(List<LinkAddress> own, InetAddress address) {
    boolean on = false;
    for (var mine : own) {
      if (mine.address().equals(address)) {
        return false;
      }
      on |= mine.network().contains(address);
    }
    return on;
  }
}
