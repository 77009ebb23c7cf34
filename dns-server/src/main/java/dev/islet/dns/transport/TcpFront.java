package dev.islet.dns.transport;

import dev.islet.core.service.StartException;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One listening TCP socket; a virtual thread for each connection. Connections over a limit are
 * closed at once, idle ones after a while, and those that do not take their replies as well.
 */
public final class TcpFront implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");

  private final ServerSocketChannel server;
  private final InetSocketAddress local;
  private final Gate gate;
  private final TcpLimits limits;
  private final TimeSource time;
  private final Tally tally;
  private final FastPasses passes;
  private final Set<TcpConnection> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<InetAddress, Integer> byClient = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread acceptor;
  private final Thread reaper;

  private TcpFront(
      ServerSocketChannel server,
      InetSocketAddress local,
      Gate gate,
      TcpLimits limits,
      TimeSource time,
      Tally tally,
      Supplier<FastLane> lanes) {
    this.passes = new FastPasses(lanes, Transport.TCP, tally);
    this.server = server;
    this.local = local;
    this.gate = gate;
    this.limits = limits;
    this.time = time;
    this.tally = tally;
    this.acceptor = Thread.ofVirtual().name("dns-tcp-accept").unstarted(this::accept);
    this.reaper = Thread.ofVirtual().name("dns-tcp-reap").unstarted(this::reap);
  }

  /**
   * Binds.
   *
   * @param lanes makes fast lanes, one for each connection that answers at a time
   * @throws StartException if the address cannot be bound
   */
  public static TcpFront open(
      InetSocketAddress address,
      Gate gate,
      TcpLimits limits,
      TimeSource time,
      Tally tally,
      Supplier<FastLane> lanes) {
    ServerSocketChannel server = null;
    try {
      var family =
          address.getAddress() instanceof Inet6Address
              ? StandardProtocolFamily.INET6
              : StandardProtocolFamily.INET;
      server = ServerSocketChannel.open(family);
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, 128);
      var local = (InetSocketAddress) server.getLocalAddress();
      return new TcpFront(server, local, gate, limits, time, tally, lanes);
    } catch (IOException e) {
      closeQuietly(server);
      throw StartException.bind("tcp", address, e);
    }
  }

  /** Begins to accept. */
  public void start() {
    acceptor.start();
    reaper.start();
  }

  /** Where it is bound. */
  public InetSocketAddress local() {
    return local;
  }

  /** How many connections are open. */
  public int connections() {
    return open.size();
  }

  @Override
  public void close() {
    closed.countDown();
    closeQuietly(server);
    open.forEach(TcpConnection::close);
    try {
      acceptor.join(2_000);
      reaper.join(2_000);
      for (var connection : open) {
        connection.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (true) {
      SocketChannel channel = null;
      try {
        channel = server.accept();
        take(channel);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        closeQuietly(channel);
        LOG.log(Level.DEBUG, "service=dns a connection was lost while it was accepted", e);
        if (!server.isOpen() || pause()) {
          return;
        }
      }
    }
  }

  /** After a fault such as too many open files: wait a little; true if closed meanwhile. */
  private boolean pause() {
    try {
      return closed.await(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void take(SocketChannel channel) throws IOException {
    var client = (InetSocketAddress) channel.getRemoteAddress();
    var ip = client.getAddress();
    boolean many = byClient.getOrDefault(ip, 0) >= limits.perClient();
    if (many || open.size() >= limits.connections() && !evict()) {
      tally.rejected(many ? "tcp-per-client" : "tcp-connections");
      channel.close();
      return;
    }
    byClient.merge(ip, 1, Integer::sum);
    var connection =
        new TcpConnection(
            channel,
            client,
            (InetSocketAddress) channel.getLocalAddress(),
            gate,
            passes,
            limits,
            time);
    open.add(connection);
    connection.start(
        () -> {
          open.remove(connection);
          byClient.computeIfPresent(ip, (k, n) -> n == 1 ? null : n - 1);
        });
  }

  /**
   * Makes room by closing the connection that has been idle for longest (RFC 7766 section 6.2.3),
   * so that those who only hold connections do not keep out those who ask.
   */
  private boolean evict() {
    TcpConnection idlest = null;
    long since = Long.MAX_VALUE;
    for (var connection : open) {
      long idle = connection.idleSince();
      if (idle < since) {
        since = idle;
        idlest = connection;
      }
    }
    if (idlest == null) {
      return false;
    }
    tally.rejected("tcp-evicted");
    open.remove(idlest);
    idlest.close();
    return true;
  }

  private void reap() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        long now = time.now();
        open.forEach(c -> c.reap(now));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable AutoCloseable channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "service=dns closing failed", e);
    }
  }
}
