package dev.islet.dhcp.transport;

import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.PacketFilter;
import dev.islet.core.net.socket.PacketSocket;
import dev.islet.core.net.socket.UdpOptions;
import dev.islet.core.net.socket.UdpSocket;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.model.Ip4;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What is open on one interface, or on a plain socket. All of it is bound to the interface's number
 * in the kernel: when a card is unplugged and comes back it has another one, and needs new ports.
 */
final class Ports implements AutoCloseable {
  private static final int SERVER = 67;

  private final Optional<Nic> nic;
  private final UdpSocket socket;
  private final Optional<PacketSocket> frames;
  private volatile Optional<ConflictProbe> probe = Optional.empty();
  private Optional<RogueWatch> watch = Optional.empty();

  private Ports(Optional<Nic> nic, UdpSocket socket, Optional<PacketSocket> frames) {
    this.nic = nic;
    this.socket = socket;
    this.frames = frames;
  }

  /**
   * Opens an interface.
   *
   * @param broadcastOnly without frames
   * @throws StartException if a capability is missing
   */
  static Ports onNic(Nic nic, boolean broadcastOnly) {
    Optional<PacketSocket> frames = Optional.empty();
    try {
      if (!broadcastOnly) {
        // Only a mouth: a filter for a port nobody sends to keeps its ear shut.
        frames = Optional.of(PacketSocket.open(nic, PacketSocket.IPV4, PacketFilter.udpPort(0)));
      }
    } catch (IOException e) {
      throw new StartException(
          "DHCP-CAP-001",
          "cannot send frames on " + nic.name() + ": " + e.getMessage(),
          "The server needs CAP_NET_RAW to answer clients that have no address yet: run it as root,"
              + " or grant CAP_NET_RAW and CAP_NET_BIND_SERVICE (in compose: cap_add), or go without by"
              + " broadcast-only: true",
          e);
    }
    var any = new InetSocketAddress(Ip4.NONE.toInet(), SERVER);
    try {
      var socket =
          UdpSocket.open(
              UdpOptions.on(any)
                  .withDevice(nic.name())
                  .withReuseAddress(true)
                  .withBroadcast(true)
                  .withReceiveBuffer(1 << 20));
      return new Ports(Optional.of(nic), socket, frames);
    } catch (IOException e) {
      frames.ifPresent(PacketSocket::close);
      throw StartException.bind("udp", any, e);
    }
  }

  /**
   * Opens a plain socket.
   *
   * @throws StartException if its address is taken
   */
  static Ports plain(InetSocketAddress address) {
    try {
      var socket = UdpSocket.open(UdpOptions.on(address).withReceiveBuffer(1 << 20));
      return new Ports(Optional.empty(), socket, Optional.empty());
    } catch (IOException e) {
      throw StartException.bind("udp", address, e);
    }
  }

  /** Whether they are on this interface, and not on one that had its name before. */
  boolean isOn(Nic other) {
    return nic.filter(n -> n.index() == other.index()).isPresent();
  }

  UdpSocket socket() {
    return socket;
  }

  Optional<PacketSocket> frames() {
    return frames;
  }

  Optional<ConflictProbe> probe() {
    return probe;
  }

  /** The interface, if frames can be sent and it has a hardware address to send them from. */
  private Optional<Nic> ethernet() {
    return frames.map(PacketSocket::nic).filter(n -> n.mac().bits() != 0);
  }

  /**
   * Begins to hear who uses addresses that are asked for.
   *
   * @throws IOException if the system refuses
   */
  void probe(LinkSocket.Witness witness) throws IOException {
    if (ethernet().isPresent()) {
      probe = Optional.of(ConflictProbe.open(ethernet().get(), witness));
    }
  }

  /**
   * Begins to look out for other servers.
   *
   * @throws IOException if the system refuses
   */
  void watch(Duration every, RogueWatch.Witness found) throws IOException {
    if (ethernet().isPresent()) {
      watch = Optional.of(RogueWatch.open(ethernet().get(), every, found));
    }
  }

  @Override
  public void close() {
    socket.close();
    frames.ifPresent(PacketSocket::close);
    probe.ifPresent(ConflictProbe::close);
    watch.ifPresent(RogueWatch::close);
  }
}
