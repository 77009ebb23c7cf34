package dev.islet.dns.transport;

import dev.islet.dns.resolve.ResolveEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Datagrams to upstream servers, each from a port of its own, so that a forger must guess the port
 * as well as the id (RFC 5452 section 9.2). One thread waits for all of them.
 *
 * <p>The channels are connected: to a stranger the port looks closed, so that nobody can find it by
 * asking (CVE-2020-25705), and a server that does not listen says so at once by ICMP instead of
 * costing the time of an attempt.
 */
final class UpstreamDatagrams implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int MAX_DATAGRAM = 4_096;
  private static final int BINDS = 8;

  private final Selector selector;
  private final Consumer<ResolveEvent> sink;
  private final Map<Long, DatagramChannel> channels = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Runnable> registrations = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  private UpstreamDatagrams(Selector selector, Consumer<ResolveEvent> sink) {
    this.selector = selector;
    this.sink = sink;
    this.thread = Thread.ofPlatform().name("dns-upstream").daemon(true).unstarted(this::run);
  }

  static UpstreamDatagrams open(Consumer<ResolveEvent> sink) throws IOException {
    return new UpstreamDatagrams(Selector.open(), sink);
  }

  void start() {
    thread.start();
  }

  /** Sends from a fresh port; a failure is an event. */
  void send(long exchange, InetSocketAddress to, int port, byte[] message) {
    DatagramChannel channel = null;
    try {
      var family =
          to.getAddress() instanceof Inet6Address
              ? StandardProtocolFamily.INET6
              : StandardProtocolFamily.INET;
      channel = DatagramChannel.open(family);
      channel.configureBlocking(false);
      bind(channel, port);
      channel.connect(to);
      channels.put(exchange, channel);
      var ready = channel;
      registrations.add(() -> register(exchange, ready));
      selector.wakeup();
      if (channel.write(ByteBuffer.wrap(message)) == 0) {
        sink.accept(new ResolveEvent.Failed(exchange, "the send buffer is full"));
      }
    } catch (IOException | RuntimeException e) {
      sink.accept(new ResolveEvent.Failed(exchange, "UDP: " + e.getMessage()));
    }
  }

  void close(long exchange) {
    var channel = channels.remove(exchange);
    if (channel != null) {
      closeQuietly(channel);
      selector.wakeup(); // a closed channel gives up its port at the next selection
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(2_000);
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "service=dns closing a selector failed", e);
    }
    channels.keySet().forEach(this::close);
  }

  /** The port drawn may be taken: its neighbours are as good, after that the system chooses. */
  private static void bind(DatagramChannel channel, int port) throws IOException {
    for (int i = 0; i < BINDS; i++) {
      try {
        channel.bind(new InetSocketAddress(1_024 + (port - 1_024 + i * 7_919) % 64_512));
        return;
      } catch (java.net.BindException e) {
        LOG.log(Level.TRACE, "service=dns a drawn port is taken", e);
      }
    }
    channel.bind(null);
  }

  private void register(long exchange, DatagramChannel channel) {
    try {
      channel.register(selector, SelectionKey.OP_READ, exchange);
    } catch (IOException e) {
      LOG.log(Level.TRACE, "service=dns an exchange ended before it was waited for", e);
    }
  }

  private void run() {
    var buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    while (!closed) {
      try {
        selector.select(key -> receive(key, buffer));
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.WARNING, "service=dns waiting for upstream servers failed", e);
      }
      for (var next = registrations.poll(); next != null; next = registrations.poll()) {
        next.run();
      }
    }
  }

  private void receive(SelectionKey key, ByteBuffer buffer) {
    var exchange = (Long) key.attachment();
    try {
      var channel = (DatagramChannel) key.channel();
      buffer.clear();
      if (channel.receive(buffer) instanceof InetSocketAddress source) {
        var message = new byte[buffer.flip().remaining()];
        buffer.get(message);
        sink.accept(new ResolveEvent.Datagram(exchange, source, message));
      }
    } catch (PortUnreachableException e) {
      sink.accept(new ResolveEvent.Failed(exchange, "UDP: nobody listens there"));
    } catch (IOException | CancelledKeyException e) {
      LOG.log(Level.TRACE, "service=dns an exchange ended while its reply came", e);
    }
  }

  private static void closeQuietly(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "service=dns closing a port failed", e);
    }
  }
}
