package dev.islet.dhcp.transport;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.PacketFilter;
import dev.islet.core.net.socket.PacketSocket;
import dev.islet.core.net.socket.RawIpSocket;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.wire.Arp;
import dev.islet.dhcp.wire.IcmpEcho;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks whether anybody uses an address, and tells of everybody who answers: by ARP on the link,
 * which no firewall of the host can hide, and by ICMP echo behind a router. It never waits.
 */
final class ConflictProbe implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dhcp");
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int HOPS = 64;

  /** Nobody answers later than that; also what bounds the memory of a flood of questions. */
  private static final int MOST = 65_536;

  private final Nic nic;
  private final LinkSocket.Witness witness;
  private final PacketSocket arp;
  private final byte[] packet = new byte[64];
  private final Map<Ip4, Boolean> asked = new ConcurrentHashMap<>();
  private final int mark = new SecureRandom().nextInt(0x1_0000);
  private Optional<RawIpSocket> icmp = Optional.empty();
  private int sequence;

  private ConflictProbe(Nic nic, PacketSocket arp, LinkSocket.Witness witness) {
    this.nic = nic;
    this.arp = arp;
    this.witness = witness;
    Receiver.start("dhcp-arp-" + nic.name(), arp::isOpen, Level.DEBUG, this::hearArp);
  }

  static ConflictProbe open(Nic nic, LinkSocket.Witness witness) throws IOException {
    return new ConflictProbe(
        nic, PacketSocket.open(nic, PacketSocket.ARP, PacketFilter.arpReplies()), witness);
  }

  /** Asks; from the engine's thread only. */
  void ask(Ip4 address, boolean routed) {
    if (asked.size() >= MOST) {
      asked.clear();
    }
    asked.put(address, routed);
    try {
      if (routed) {
        icmp().send(IcmpEcho.request(mark, ++sequence & 0xFFFF), address.toInet());
      } else {
        arp.send(MacAddress.BROADCAST, Arp.probe(nic.mac(), address));
      }
    } catch (IOException e) {
      LOG.log(
          Level.DEBUG, "nic=" + nic.name() + " address=" + address + " could not be asked for", e);
    }
  }

  private RawIpSocket icmp() throws IOException {
    if (icmp.isEmpty()) {
      var socket = RawIpSocket.open(1, nic);
      socket.unicastTtl(HOPS);
      icmp = Optional.of(socket);
      Receiver.start(
          "dhcp-icmp-" + nic.name(), socket::isOpen, Level.DEBUG, () -> hearIcmp(socket));
    }
    return icmp.get();
  }

  private void hearArp() throws IOException {
    int n = arp.receive(packet, TURN);
    if (n > 0) {
      Arp.read(packet, n)
          .ifPresent(a -> answered(a.senderAddress(), Optional.of(a.sender()), false));
    }
  }

  private void hearIcmp(RawIpSocket socket) throws IOException {
    socket
        .receive(TURN)
        .filter(r -> IcmpEcho.isReply(r.payload(), mark))
        .ifPresent(r -> answered(Ip4.of(r.source()), Optional.empty(), true));
  }

  private void answered(Ip4 address, Optional<MacAddress> by, boolean routed) {
    if (asked.remove(address, routed)) {
      witness.seen(address, by);
    }
  }

  @Override
  public void close() {
    arp.close();
    icmp.ifPresent(RawIpSocket::close);
  }
}
