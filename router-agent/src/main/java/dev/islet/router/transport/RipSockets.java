package dev.islet.router.transport;

import dev.islet.core.net.socket.DatagramBatch;
import dev.islet.core.net.socket.Nics;
import dev.islet.core.net.socket.UdpOptions;
import dev.islet.core.net.socket.UdpSocket;
import dev.islet.core.service.StartException;
import dev.islet.router.hub.Octets;
import dev.islet.router.hub.RouterInput;
import dev.islet.router.model.RipSettings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * One UDP socket an interface, bound to it, in the group of the RIP routers there. Bound to the
 * interface, so that a message is known to have come from that very link; TTL 1, so that none
 * leaves it. Opened anew when an interface returns, since the kernel forgets the membership.
 */
public final class RipSockets implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.router");
  private static final int NETWORK_CONTROL = 0xC0; // DSCP CS6, as all routing protocols

  /** Longer than any RIP message, so that a longer one is seen to be too long. */
  private static final int SLOT = 1024;

  private final int port;
  private final Predicate<RouterInput> offer;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  private record Open(UdpSocket socket, dev.islet.core.net.Nic nic, Thread thread) {}

  /**
   * @param port 520 but in a lab
   * @param offer takes an input without waiting; a full queue means a lost datagram
   */
  public RipSockets(int port, Predicate<RouterInput> offer) {
    this.port = port;
    this.offer = offer;
  }

  /**
   * Asks whether the RIP port may be bound, by doing so for a moment.
   *
   * @param nic an interface of this machine
   * @throws StartException naming who holds the port, or the missing capability
   */
  public static void requirePermission(int port, String nic) {
    var address = new InetSocketAddress(port);
    try {
      UdpSocket.open(UdpOptions.on(address)).close();
    } catch (IOException e) {
      throw StartException.bind("udp", address, e);
    }
    try {
      UdpSocket.open(UdpOptions.on(address).withDevice(nic)).close();
    } catch (IOException e) {
      throw String.valueOf(e.getMessage()).contains("not permitted")
          ? new StartException(
              "ROUTER-CAP-002",
              "not allowed to bind a socket to the interface " + nic,
              "Grant CAP_NET_RAW (in a container: cap_add: [NET_RAW])",
              e)
          : StartException.bind("udp", address, e);
    }
  }

  /**
   * Opens the socket of an interface, instead of the one that may be open there.
   *
   * @throws IOException if it cannot be opened now
   */
  public void open(String name) throws IOException {
    close(name);
    var nic = Nics.named(name).orElseThrow(() -> new SocketException("no interface " + name));
    var socket =
        UdpSocket.open(
            UdpOptions.on(new InetSocketAddress(port))
                .withDevice(name)
                .withTtl(1)
                .withMulticastTtl(1)
                .withMulticastLoop(false)
                .withMulticastNic(nic)
                .withTos(NETWORK_CONTROL));
    try {
      socket.join(InetAddress.getByName(RipSettings.GROUP), nic);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    var thread =
        Thread.ofPlatform()
            .name("router-rip-" + name)
            .daemon(true)
            .unstarted(() -> receive(name, socket));
    open.put(name, new Open(socket, nic, thread));
    thread.start();
  }

  /** Closes the socket of an interface, if one is open. */
  public void close(String name) {
    var port = open.remove(name);
    if (port != null) {
      port.socket().close();
    }
  }

  /** Sends one message from one of our addresses on an interface. */
  public void send(String name, InetAddress from, InetSocketAddress to, byte[] payload)
      throws IOException {
    var port = open.get(name);
    if (port == null) {
      throw new SocketException("no RIP socket on " + name);
    }
    port.socket().send(payload, to, from, port.nic());
  }

  private void receive(String name, UdpSocket socket) {
    var batch = new DatagramBatch(32, SLOT);
    try {
      while (true) {
        int n = socket.receive(batch, Duration.ofSeconds(10));
        if (n < 0) {
          return;
        }
        for (int i = 0; i < n; i++) {
          var arrived =
              new RouterInput.RipArrived(
                  name, batch.remote(i), batch.local(i).getAddress(), new Octets(batch.bytes(i)));
          if (!offer.test(arrived)) {
            LOG.log(Level.DEBUG, "service=router nic=" + name + " a RIP message was dropped");
          }
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=router nic=" + name + " the RIP socket failed: " + e);
      var failed = new RouterInput.RipOpenFailed(name, String.valueOf(e.getMessage()));
      while (!offer.test(failed) && open.containsKey(name)) {
        LockSupport.parkNanos(10_000_000); // the queue is full; this must not get lost
      }
    }
  }

  @Override
  public void close() {
    for (var name : open.keySet()) {
      var port = open.remove(name);
      if (port != null) {
        port.socket().close();
        try {
          port.thread().join(2_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
