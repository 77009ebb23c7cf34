package dev.islet.web.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.web.model.WebEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/** All open connections, counted in all and by client; those that take too long are closed. */
final class Connections {
  /** Both ends; a client's port is used once at a time for one of ours. */
  private record Ends(InetSocketAddress client, int serverPort) {}

  private final ConcurrentHashMap<Ends, Connection> open = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<InetAddress, AtomicInteger> byClient = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final TimeSource time;
  private final Watcher watcher;
  private volatile ConnectionLimits limits;

  Connections(ConnectionLimits limits, TimeSource time, Watcher watcher) {
    this.limits = limits;
    this.time = time;
    this.watcher = watcher;
  }

  ConnectionLimits limits() {
    return limits;
  }

  void limits(ConnectionLimits changed) {
    limits = changed;
  }

  int count() {
    return count.get();
  }

  /** Takes a new connection in, or closes it if there are too many. */
  Optional<Connection> accept(StreamConnection channel, boolean tls) {
    var client = channel.getPeerAddress(InetSocketAddress.class);
    var server = channel.getLocalAddress(InetSocketAddress.class);
    if (client == null || server == null) {
      IoUtils.safeClose(channel); // reset before it was accepted
      return Optional.empty();
    }
    int all = count.incrementAndGet();
    int own =
        byClient
            .compute(client.getAddress(), (a, n) -> n == null ? new AtomicInteger() : n)
            .incrementAndGet();
    if (all > limits.connections() || own > limits.perClient()) {
      watcher.event(
          new WebEvent.CutOff(
              client,
              server,
              all > limits.connections()
                  ? "more than " + limits.connections() + " connections"
                  : "more than " + limits.perClient() + " connections from one client"));
      IoUtils.safeClose(channel);
      leave(client);
      return Optional.empty();
    }
    var connection = new Connection(channel, client, server, tls, time.now());
    open.put(new Ends(client, server.getPort()), connection);
    channel
        .getSourceChannel()
        .setConduit(new WatchedSource(channel.getSourceChannel().getConduit(), connection, time));
    var sink = new WatchedSink(channel.getSinkChannel().getConduit(), connection, time);
    channel.getSinkChannel().setConduit(sink);
    connection.plain(sink);
    channel.setCloseListener(closed -> gone(connection));
    return Optional.of(connection);
  }

  /** Listens to the end of a connection besides whoever has begun to listen to it meanwhile. */
  void follow(StreamConnection channel, Connection connection) {
    @SuppressWarnings("unchecked") // a channel's listener takes that channel
    var theirs = (ChannelListener<? super StreamConnection>) channel.getCloseListener();
    channel.setCloseListener(
        closed -> {
          gone(connection);
          if (theirs != null) {
            ChannelListeners.invokeChannelListener(channel, theirs);
          }
        });
    if (!channel.isOpen()) {
      gone(connection);
    }
  }

  private void gone(Connection connection) {
    if (open.remove(new Ends(connection.client(), connection.server().getPort()), connection)) {
      leave(connection.client());
    }
  }

  private void leave(InetSocketAddress client) {
    count.decrementAndGet();
    byClient.computeIfPresent(client.getAddress(), (a, n) -> n.decrementAndGet() <= 0 ? null : n);
  }

  @Nullable Connection of(InetSocketAddress client, int serverPort) {
    return open.get(new Ends(client, serverPort));
  }

  /** Closes those whose time is over. */
  void sweep() {
    long now = time.now();
    for (var connection : open.values()) {
      var why = connection.overdue(now, limits);
      if (why != null) {
        watcher.event(new WebEvent.CutOff(connection.client(), connection.server(), why));
        connection.close();
      }
    }
  }

  /** Closes those that no request is running on. */
  void closeResting() {
    for (var connection : open.values()) {
      if (connection.running() == 0) {
        connection.close();
      }
    }
  }

  void closeAll() {
    for (var connection : open.values()) {
      connection.close();
    }
  }

  /** How many requests are running. */
  int running() {
    return open.values().stream().mapToInt(Connection::running).sum();
  }

  List<Connection> all() {
    return new ArrayList<>(open.values());
  }
}
