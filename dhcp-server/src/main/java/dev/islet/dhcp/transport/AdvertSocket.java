package dev.islet.dhcp.transport;

import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.RawIpSocket;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.wire.AdvertCodec;
import dev.islet.dhcp.wire.AdvertCodec.Heard;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Optional;

/** A router's ear and mouth for neighbour discovery on one interface. Needs CAP_NET_RAW. */
public final class AdvertSocket implements AutoCloseable {
  /** Takes what was heard; called on the receiver's thread. */
  @FunctionalInterface
  public interface Inbox {
    /** Solicitations, advertisements of others, and what is broken. */
    void take(String link, Ip6 from, Heard what);
  }

  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int ICMPV6 = 58;
  private static final int HOP_LIMIT = 255;
  private static final InetAddress ALL_NODES = InetAddress.ofLiteral("ff02::1");
  private static final InetAddress ALL_ROUTERS = InetAddress.ofLiteral("ff02::2");

  private final RawIpSocket socket;
  private final Nic nic;
  private Optional<Receiver> receiver = Optional.empty();

  private AdvertSocket(RawIpSocket socket, Nic nic) {
    this.socket = socket;
    this.nic = nic;
  }

  /**
   * Opens an interface.
   *
   * @throws StartException if it is not there or a capability is missing
   */
  public static AdvertSocket onNic(String name) {
    var nic = Interfaces.named(name);
    try {
      var socket = RawIpSocket.open(ICMPV6, StandardProtocolFamily.INET6, nic);
      try {
        socket.hopLimit(HOP_LIMIT);
        socket.join(ALL_NODES); // where other routers speak
        socket.join(ALL_ROUTERS);
        return new AdvertSocket(socket, nic);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StartException(
          "DHCP-CAP-002",
          "cannot advertise routers on " + name + ": " + e.getMessage(),
          "Router advertisements need CAP_NET_RAW and IPv6 on the interface: run as root, or grant"
              + " it (in compose: cap_add)",
          e);
    }
  }

  /** The interface as it was when it was opened. */
  public Nic nic() {
    return nic;
  }

  /** Begins to receive, on a platform thread of its own. */
  public void listen(Inbox inbox) {
    receiver =
        Optional.of(
            Receiver.start(
                "adverts-" + nic.name(), socket::isOpen, Level.WARNING, () -> receive(inbox)));
  }

  /** Whether it hears. */
  public boolean listening() {
    return receiver.map(Receiver::listening).orElse(false);
  }

  private void receive(Inbox inbox) throws IOException {
    var packet = socket.receive(TURN);
    if (packet.isPresent()) {
      var from = Ip6.of(packet.get().source());
      var what = AdvertCodec.read(packet.get().payload(), packet.get().ttl(), from.isNone());
      if (!(what instanceof Heard.Other)) {
        inbox.take(nic.name(), from, what);
      }
    }
  }

  /**
   * Sends to all hosts of the link.
   *
   * @throws IOException if the system refuses
   */
  public void send(byte[] message) throws IOException {
    socket.send(message, ALL_NODES);
  }

  @Override
  public void close() {
    socket.close();
    receiver.ifPresent(Receiver::await);
  }
}
