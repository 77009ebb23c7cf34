package dev.islet.voip.transport.sip;

import dev.islet.voip.model.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** All TCP and TLS connections: found again by number, or by who is at the other end. */
public final class Connections implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;

  private record Peer(Flow.Transport transport, InetSocketAddress remote) {}

  private final StreamLimits limits;
  private final Intake intake;
  private final Map<Long, Connection> byNumber = new ConcurrentHashMap<>();
  private final Map<Peer, Connection> byPeer = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong(1);
  private final ThreadFactory threads = Thread.ofVirtual().name("sip-stream-", 0).factory();
  private volatile boolean closed;

  public Connections(StreamLimits limits, Intake intake) {
    this.limits = limits;
    this.intake = intake;
  }

  /** How many stand. */
  public int size() {
    return byNumber.size();
  }

  StreamLimits limits() {
    return limits;
  }

  /** Whether one more from an address may stand; takes its place if so. */
  boolean admit(InetAddress address) {
    if (closed || byNumber.size() >= limits.connections()) {
      return false;
    }
    int count = perAddress.merge(address, 1, Integer::sum);
    if (count > limits.perAddress()) {
      leave(address);
      return false;
    }
    return true;
  }

  void leave(InetAddress address) {
    perAddress.computeIfPresent(address, (a, n) -> n <= 1 ? null : n - 1);
  }

  /** Serves a connection on the calling thread until it ends. */
  void serve(Socket socket, Flow.Transport transport, int listeningPort) {
    var local = new InetSocketAddress(socket.getLocalAddress(), listeningPort);
    var remote = (InetSocketAddress) socket.getRemoteSocketAddress();
    var flow = new Flow(transport, local, remote, numbers.getAndIncrement());
    var connection = new Connection(flow, socket, limits, intake);
    var peer = new Peer(transport, remote);
    byNumber.put(flow.connection(), connection);
    byPeer.put(peer, connection);
    try {
      if (!closed) {
        connection.serve();
      }
    } finally {
      connection.close();
      byNumber.remove(flow.connection());
      byPeer.remove(peer, connection);
      intake.lost(flow.connection(), remote);
    }
  }

  /**
   * Sends through the flow's connection, another to the same peer, or, for TCP, a new one. What
   * cannot be sent is told to the exchange as a lost connection.
   */
  void send(Flow flow, byte[] bytes) {
    var standing = byNumber.get(flow.connection());
    if (standing == null) {
      standing = byPeer.get(new Peer(flow.transport(), flow.remote()));
    }
    if (standing != null) {
      if (!standing.send(bytes)) {
        intake.lost(flow.connection(), flow.remote());
      }
    } else if (flow.transport() == Flow.Transport.TCP && admit(flow.remote().getAddress())) {
      threads.newThread(() -> connect(flow, bytes)).start();
    } else {
      // Phones have no certificates: a TLS connection can only come from them.
      intake.lost(flow.connection(), flow.remote());
    }
  }

  private void connect(Flow flow, byte[] bytes) {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(flow.local().getAddress(), 0));
      socket.connect(flow.remote(), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(bytes);
      serve(socket, flow.transport(), flow.local().getPort());
    } catch (IOException e) {
      intake.lost(flow.connection(), flow.remote());
    } finally {
      leave(flow.remote().getAddress());
    }
  }

  void run(Runnable work) {
    threads.newThread(work).start();
  }

  @Override
  public void close() {
    closed = true;
    byNumber.values().forEach(Connection::close);
  }
}
