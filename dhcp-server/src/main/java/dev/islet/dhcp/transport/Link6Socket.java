package dev.islet.dhcp.transport;

import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.DatagramBatch;
import dev.islet.core.net.socket.Nics;
import dev.islet.core.net.socket.UdpOptions;
import dev.islet.core.net.socket.UdpSocket;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.model.Ip6;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's ear and mouth for DHCPv6 on one interface: port 547, with the groups of all relays
 * and servers (RFC 8415 section 7.1). Clients have a link-local address, so no frames are needed.
 */
public final class Link6Socket implements AutoCloseable {
  /** Takes all that came at once; called on the receiver's thread. */
  @FunctionalInterface
  public interface Inbox {
    /** What comes meanwhile waits in the socket. */
    void take(Link6Socket link, List<LinkSocket.Datagram> datagrams);
  }

  private static final System.Logger LOG = System.getLogger("islet.dhcp");
  private static final int SERVER = 547;
  private static final int SLOTS = 64;
  private static final int LARGEST = 4_096;
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final InetAddress RELAYS_AND_SERVERS = InetAddress.ofLiteral("ff02::1:2");
  private static final InetAddress SERVERS = InetAddress.ofLiteral("ff05::1:3");

  private volatile UdpSocket socket;
  private volatile Nic nic;
  private volatile boolean closed;
  private Optional<Receiver> receiver = Optional.empty();

  private Link6Socket(UdpSocket socket, Nic nic) {
    this.socket = socket;
    this.nic = nic;
  }

  /**
   * Opens an interface.
   *
   * @throws StartException if it is not there, has no IPv6, or the port is taken
   */
  public static Link6Socket onNic(String name) {
    var nic = Interfaces.named(name);
    if (addresses(nic).isEmpty()) {
      throw new StartException(
          "DHCP-NIC-003",
          "interface " + name + " has no IPv6 address, not even a link-local one",
          "Bring it up and allow IPv6: sysctl net.ipv6.conf." + name + ".disable_ipv6=0",
          new SocketException("no address"));
    }
    return new Link6Socket(open(nic), nic);
  }

  private static UdpSocket open(Nic nic) {
    var any = new InetSocketAddress(InetAddress.ofLiteral("::"), SERVER);
    try {
      var socket =
          UdpSocket.open(
              UdpOptions.on(any)
                  .withDevice(nic.name())
                  .withReuseAddress(true)
                  .withIpv6Only(true)
                  .withReceiveBuffer(1 << 20));
      try {
        socket.join(RELAYS_AND_SERVERS, nic);
        socket.join(SERVERS, nic);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw StartException.bind("udp", any, e);
    }
  }

  /** Begins to receive, on a platform thread of its own. */
  public void listen(Inbox inbox) {
    receiver =
        Optional.of(
            Receiver.start(
                "dhcp6-" + nic.name(), () -> !closed, Level.WARNING, new Ear(inbox)::take));
  }

  /** The interface's name. */
  public String name() {
    return nic.name();
  }

  /** Where it is bound. */
  public InetSocketAddress local() {
    return socket.local();
  }

  /** Our addresses on the interface, as seen last. */
  public List<Ip6> addresses() {
    return addresses(nic);
  }

  /** Whether it hears. */
  public boolean listening() {
    return receiver.map(Receiver::listening).orElse(false);
  }

  private static List<Ip6> addresses(Nic nic) {
    return nic.addresses().stream().map(a -> Ip6.of(a.address())).filter(a -> !a.isNone()).toList();
  }

  /** What the receiver needs from turn to turn. */
  private final class Ear {
    private final Inbox inbox;
    private final DatagramBatch batch = new DatagramBatch(SLOTS, LARGEST);
    private long looked = System.nanoTime();

    Ear(Inbox inbox) {
      this.inbox = inbox;
    }

    void take() throws IOException {
      int n;
      try {
        n = socket.receive(batch, TURN);
      } catch (IOException e) {
        looked = 0; // the interface may have gone and come back
        throw e;
      }
      if (System.nanoTime() - looked > FRESH.toNanos()) {
        refresh();
        looked = System.nanoTime();
      }
      if (n <= 0) {
        return;
      }
      var datagrams = new ArrayList<LinkSocket.Datagram>(n);
      for (int i = 0; i < n; i++) {
        datagrams.add(new LinkSocket.Datagram(batch.bytes(i), batch.remote(i), batch.local(i)));
      }
      inbox.take(Link6Socket.this, datagrams);
    }
  }

  /**
   * The interface may have got other addresses; none at all is no news to act on. Or another one
   * has its name now, to which the socket is not bound (see {@link Ports}).
   */
  private void refresh() {
    var now = Nics.named(nic.name()).filter(n -> !addresses(n).isEmpty());
    if (now.isEmpty()) {
      return;
    }
    if (now.get().index() == nic.index()) {
      nic = now.get();
    } else {
      reopen(now.get());
    }
  }

  private synchronized void reopen(Nic fresh) {
    if (closed) {
      return;
    }
    try {
      var next = open(fresh);
      socket.close();
      socket = next;
      nic = fresh;
      LOG.log(Level.INFO, "link=" + fresh.name() + " the interface is back, DHCPv6 goes on");
    } catch (StartException e) {
      LOG.log(Level.WARNING, "link=" + fresh.name() + " the interface is back but not served", e);
    }
  }

  /**
   * Sends a reply out of the interface.
   *
   * @throws IOException if the system refuses
   */
  public void send(byte[] payload, Ip6 to, int port) throws IOException {
    socket.send(payload, new InetSocketAddress(to.toInet(), port), null, nic);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      socket.close();
    }
    receiver.ifPresent(Receiver::await);
  }
}
