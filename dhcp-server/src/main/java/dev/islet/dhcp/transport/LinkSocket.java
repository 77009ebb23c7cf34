package dev.islet.dhcp.transport;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.DatagramBatch;
import dev.islet.core.net.socket.Nics;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.lease.Destination;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.UdpFrame;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The server's ear and mouth on one link: port 67 of an interface, or a plain socket.
 *
 * <p>On an interface a UDP socket bound to the device hears what is sent to 255.255.255.255 and to
 * us, and talks to relays and to clients that have an address. A client that has none cannot answer
 * ARP; a packet socket puts the frame on the link with its hardware address (RFC 2131 section 4.1).
 */
public final class LinkSocket implements AutoCloseable {
  /** Takes what came in; called on the receiver's thread. */
  @FunctionalInterface
  public interface Inbox {
    /** Takes all that came at once; what comes meanwhile waits in the socket. */
    void take(Link link, List<Datagram> datagrams);
  }

  /** Told of who uses an address that was asked for; on a thread of the link's. */
  @FunctionalInterface
  public interface Witness {
    /**
     * @param by its hardware address, if it is on the link
     */
    void seen(Ip4 address, Optional<MacAddress> by);
  }

  /**
   * What came in.
   *
   * @param payload its own copy
   * @param to the address it was sent to
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  public record Datagram(byte[] payload, InetSocketAddress from, InetSocketAddress to) {}

  /** Where a reply left from and went to. */
  public record Path(InetSocketAddress from, InetSocketAddress to) {}

  private static final Logger LOG = System.getLogger("islet.dhcp");
  private static final int CLIENT = 68;
  private static final int LARGEST = 4_096;
  private static final int LONGEST_REPLY = 1_500;
  private static final int SLOTS = 64;
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final boolean broadcastOnly;
  private volatile Ports ports;

  /** Replies that leave together; of the thread that calls {@link #queue}. */
  private final DatagramBatch replies = new DatagramBatch(SLOTS, LONGEST_REPLY);

  private int queued;
  private int refused;
  private volatile Link link;
  private Optional<Receiver> receiver = Optional.empty();
  private volatile boolean closed;

  /** What else was begun here, and begins again on an interface that came back. */
  private final List<Consumer<Ports>> begun = new ArrayList<>();

  /** Something that is opened beside. */
  @FunctionalInterface
  private interface Beside {
    void on(Ports ports) throws IOException;
  }

  private LinkSocket(Ports ports, boolean broadcastOnly, Link link) {
    this.ports = ports;
    this.broadcastOnly = broadcastOnly;
    this.link = link;
  }

  /**
   * Opens an interface.
   *
   * @param broadcastOnly clients without an address are answered by broadcast, which needs no
   *     CAP_NET_RAW, disturbs everybody on the link, and leaves us blind to conflicts
   * @throws StartException if it is not there, has no IPv4 address, or a capability is missing
   */
  public static LinkSocket onNic(String name, boolean broadcastOnly) {
    var nic = Interfaces.named(name);
    var addresses = addresses(nic);
    if (addresses.isEmpty()) {
      throw new StartException(
          "DHCP-NIC-002",
          "interface " + name + " has no IPv4 address, so clients could not reach the server",
          "Give it one, for example `ip address add 192.168.7.1/24 dev " + name + "`",
          new SocketException("no address"));
    }
    return new LinkSocket(
        Ports.onNic(nic, broadcastOnly), broadcastOnly, new Link(name, addresses, false));
  }

  /** Opens a plain socket, on which relays can be simulated without rights. */
  public static LinkSocket plain(InetSocketAddress address) {
    var ports = Ports.plain(address);
    var name = address.getAddress().getHostAddress() + ":" + ports.socket().local().getPort();
    return new LinkSocket(
        ports, false, new Link(name, List.of(Ip4.of(address.getAddress())), true));
  }

  /**
   * Begins to receive, on a platform thread of its own.
   *
   * @param witness is told of who answers to {@link #probe}
   */
  public void listen(Inbox inbox, Witness witness) {
    begin("conflicts are not seen", p -> p.probe(witness));
    receiver =
        Optional.of(
            Receiver.start(
                "dhcp-" + link.name(), () -> !closed, Level.WARNING, new Ear(inbox)::take));
  }

  /** Begins something that the server can do without. */
  private synchronized void begin(String without, Beside what) {
    Consumer<Ports> safe =
        p -> {
          try {
            what.on(p);
          } catch (IOException e) {
            LOG.log(Level.WARNING, "link=" + link.name() + " " + without, e);
          }
        };
    begun.add(safe);
    safe.accept(ports);
  }

  /** Begins to look out for other servers, if there are frames. */
  public void watch(Duration every, RogueWatch.Witness found) {
    begin("other servers are not seen", p -> p.watch(every, found));
  }

  /** Asks whether anybody uses an address; from the engine's thread only. */
  public void probe(Ip4 address, boolean routed) {
    ports.probe().ifPresent(p -> p.ask(address, routed));
  }

  /** Where it is bound. */
  public InetSocketAddress local() {
    return ports.socket().local();
  }

  /** The link as it was seen last. */
  public Link link() {
    return link;
  }

  /** Whether it hears. */
  public boolean listening() {
    return receiver.map(Receiver::listening).orElse(false);
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
        n = ports.socket().receive(batch, TURN);
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
      var datagrams = new ArrayList<Datagram>(n);
      for (int i = 0; i < n; i++) {
        datagrams.add(new Datagram(batch.bytes(i), batch.remote(i), asked(batch, i)));
      }
      inbox.take(link, datagrams);
    }
  }

  /** The address a datagram was sent to, with our port. */
  private InetSocketAddress asked(DatagramBatch batch, int i) {
    var local = batch.local(i);
    return local.getPort() == 0
        ? new InetSocketAddress(local.getAddress(), ports.socket().local().getPort())
        : local;
  }

  /**
   * The interface may have got other addresses; none at all is no news to act on. Or another one
   * has its name now: a card that was unplugged and is back, a bridge that was made anew.
   */
  private void refresh() {
    var nic = link.plain() ? Optional.<Nic>empty() : Nics.named(link.name());
    var now = nic.map(LinkSocket::addresses).orElse(List.of());
    if (now.isEmpty()) {
      return;
    }
    if (!now.equals(link.addresses())) {
      link = new Link(link.name(), now, false);
    }
    if (!ports.isOn(nic.get())) {
      reopen(nic.get());
    }
  }

  private synchronized void reopen(Nic nic) {
    if (closed) {
      return;
    }
    try {
      var fresh = Ports.onNic(nic, broadcastOnly);
      ports.close();
      ports = fresh;
      begun.forEach(what -> what.accept(fresh));
      LOG.log(Level.INFO, "link=" + link.name() + " the interface is back and is served again");
    } catch (StartException e) {
      LOG.log(Level.WARNING, "link=" + link.name() + " the interface is back but not served", e);
    }
  }

  private static List<Ip4> addresses(Nic nic) {
    return nic.addresses().stream().map(a -> Ip4.of(a.address())).filter(a -> !a.isNone()).toList();
  }

  /** Where a reply would go from and to: known before it leaves, so that it can be told before. */
  public Path path(Destination to, Ip4 from) {
    var target =
        switch (to) {
          case Destination.Relay(var address, var itsPort) ->
              new InetSocketAddress(address.toInet(), itsPort);
          case Destination.Source(var address, var itsPort) ->
              new InetSocketAddress(address.toInet(), itsPort);
          case Destination.Unicast(var address) -> new InetSocketAddress(address.toInet(), CLIENT);
          case Destination.Broadcast() -> new InetSocketAddress(Ip4.BROADCAST.toInet(), CLIENT);
          case Destination.Hardware(_, var address) ->
              new InetSocketAddress(address.toInet(), CLIENT);
        };
    return new Path(new InetSocketAddress(from.toInet(), ports.socket().local().getPort()), target);
  }

  /**
   * Sends a reply.
   *
   * @param from our address towards the client
   * @throws IOException if the system refuses
   */
  public void send(Destination to, Ip4 from, byte[] payload) throws IOException {
    switch (to) {
      case Destination.Relay _, Destination.Source _, Destination.Unicast _ -> {
        var path = path(to, from);
        ports.socket().send(payload, path.to(), path.from().getAddress());
      }
      case Destination.Broadcast() -> frame(MacAddress.BROADCAST, from, Ip4.BROADCAST, payload);
      case Destination.Hardware(var mac, var address) -> frame(mac, from, address, payload);
    }
  }

  /**
   * Like {@link #send}, but a reply over UDP leaves with others, at the latest at {@link #flush}.
   * One thread only.
   *
   * @throws IOException if the system refuses a frame
   */
  public void queue(Destination to, Ip4 from, byte[] payload) throws IOException {
    switch (to) {
      case Destination.Relay _, Destination.Source _, Destination.Unicast _ -> {
        var path = path(to, from);
        replies.clear(queued);
        replies.bytes(queued, payload);
        replies.remote(queued, path.to());
        replies.local(queued, path.from().getAddress());
        if (++queued == SLOTS) {
          sendQueued();
        }
      }
      case Destination.Broadcast _, Destination.Hardware _ -> send(to, from, payload);
    }
  }

  /**
   * Sends what is queued.
   *
   * @return how many replies the system has refused since the last call
   * @throws IOException if the socket is closed
   */
  public int flush() throws IOException {
    if (queued > 0) {
      sendQueued();
    }
    int lost = refused;
    refused = 0;
    return lost;
  }

  private void sendQueued() throws IOException {
    int count = queued;
    queued = 0;
    refused += count - ports.socket().send(replies, count);
  }

  private void frame(MacAddress mac, Ip4 from, Ip4 to, byte[] payload) throws IOException {
    var frames = ports.frames();
    if (frames.isEmpty()) {
      // Whoever has no address yet hears only what is for everybody (RFC 2131 section 4.1).
      ports
          .socket()
          .send(payload, new InetSocketAddress(Ip4.BROADCAST.toInet(), CLIENT), from.toInet());
      return;
    }
    frames
        .get()
        .send(mac, UdpFrame.of(from, ports.socket().local().getPort(), to, CLIENT, payload));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      ports.close();
    }
    receiver.ifPresent(Receiver::await);
  }
}
