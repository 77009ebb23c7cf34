package dev.islet.core.net.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks the kernel for links, addresses, routes and neighbours, and changes routes, over rtnetlink.
 * Reading needs no privilege, changing needs CAP_NET_ADMIN. Linux only. Not thread-safe: one
 * request at a time.
 *
 * <pre>{@code
 * try (var netlink = Netlink.open()) {
 *   var eth0 = netlink.links().stream().filter(l -> l.name().equals("eth0")).findFirst();
 *   var failures = netlink.apply(List.of(new NetlinkChange.Add(route)));
 * }
 * }</pre>
 */
public final class Netlink implements AutoCloseable {
  // A send of so many changes is far below the socket's buffer, and its errors fit the queue.
  private static final int BATCH = 256;
  private static final int BATCH_BYTES = 48 << 10;
  private static final int LARGEST_CHANGE = 4 << 10;
  private static final int DUMP_TRIES = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final NetlinkSocket socket;
  private final ByteBuffer out =
      ByteBuffer.allocate(BATCH_BYTES + LARGEST_CHANGE).order(ByteOrder.nativeOrder());
  private int sequence;

  private Netlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket to the kernel.
   *
   * @throws java.net.SocketException elsewhere than on Linux
   */
  public static Netlink open() throws IOException {
    return new Netlink(NetlinkSocket.open());
  }

  /**
   * A change that the kernel refused.
   *
   * @param index its place in the list
   */
  public record Failure(int index, NetlinkChange change, NetlinkException why) {}

  /** Every network interface. */
  public List<NetlinkLink> links() throws IOException {
    return dump("links", NetlinkRequests::getLinks, NetlinkCodec::link);
  }

  /** Every address of every interface. */
  public List<NetlinkAddress> addresses() throws IOException {
    return dump("addresses", NetlinkRequests::getAddresses, NetlinkCodec::address);
  }

  /** Every neighbour whose link-layer address is known. */
  public List<NetlinkNeighbor> neighbors() throws IOException {
    return dump("neighbours", NetlinkRequests::getNeighbors, NetlinkCodec::neighbor);
  }

  /**
   * The routes of a table, IPv4 first.
   *
   * @param protocol only those made by this one; 0 for all
   */
  public List<NetlinkRoute> routes(int table, int protocol) throws IOException {
    var routes = new ArrayList<NetlinkRoute>();
    for (int family : new int[] {Libc.AF_INET, Libc.AF_INET6}) {
      var found =
          dump(
              "routes",
              (buffer, number) ->
                  NetlinkRequests.getRoutes(buffer, number, family, table, protocol),
              NetlinkCodec::route);
      // A kernel without strict checking sends all of them.
      found.removeIf(r -> r.table() != table || protocol != 0 && r.protocol() != protocol);
      routes.addAll(found);
    }
    return routes;
  }

  /**
   * Makes changes, in order; one that is refused does not keep the others from being made.
   *
   * @return those refused, in order; empty if all were made
   * @throws IOException if the kernel does not answer; some changes may have been made
   */
  public List<Failure> apply(List<NetlinkChange> changes) throws IOException {
    var failures = new ArrayList<Failure>();
    int at = 0;
    while (at < changes.size()) {
      int first = sequence + 1;
      int from = at;
      out.clear();
      while (at < changes.size() && at - from < BATCH && out.position() < BATCH_BYTES) {
        // Only the last asks to be acknowledged; errors are told of any.
        int before = out.position();
        NetlinkRequests.change(out, ++sequence, false, changes.get(at));
        at++;
        boolean last = at == changes.size() || at - from == BATCH || out.position() >= BATCH_BYTES;
        if (last) {
          out.putShort(before + 6, (short) (out.getShort(before + 6) | NetlinkCodec.ACK));
        }
      }
      socket.send(out);
      acknowledged(first, sequence, changes, from, failures);
    }
    return failures;
  }

  private void acknowledged(
      int first, int last, List<NetlinkChange> changes, int from, List<Failure> failures)
      throws IOException {
    while (true) {
      for (var message : receive("changes")) {
        int number = message.sequence();
        if (message.type() != NetlinkCodec.NLMSG_ERROR || number - first < 0 || last - number < 0) {
          continue; // left over from a request before
        }
        var ack = NetlinkCodec.ack(message);
        if (ack.errno() != 0) {
          int index = from + number - first;
          var change = changes.get(index);
          failures.add(
              new Failure(
                  index,
                  change,
                  new NetlinkException(
                      "route " + change.route().destination(), ack.errno(), ack.explanation())));
        }
        if (number == last) {
          return;
        }
      }
    }
  }

  /** Writes one request into a buffer under a sequence number. */
  @FunctionalInterface
  private interface Request {
    void write(ByteBuffer buffer, int sequence);
  }

  /** Reads one message of a dump. */
  @FunctionalInterface
  private interface Reader<T> {
    Optional<T> read(NetlinkCodec.Message message);
  }

  private <T> List<T> dump(String what, Request request, Reader<T> reader) throws IOException {
    for (int i = 0; i < DUMP_TRIES; i++) {
      out.clear();
      request.write(out, ++sequence);
      socket.send(out);
      var found = new ArrayList<T>();
      if (collect(what, message -> reader.read(message).ifPresent(found::add))) {
        return found;
      }
    }
    throw new IOException("the kernel's " + what + " change too fast to be read");
  }

  /** Reads a dump to its end; false if it was overtaken by changes and must be asked for anew. */
  private boolean collect(String what, Consumer<NetlinkCodec.Message> each) throws IOException {
    boolean consistent = true;
    while (true) {
      for (var message : receive(what)) {
        if (message.sequence() != sequence) {
          continue;
        }
        consistent &= (message.flags() & NetlinkCodec.DUMP_INTR) == 0;
        switch (message.type()) {
          case NetlinkCodec.NLMSG_DONE, NetlinkCodec.NLMSG_ERROR -> {
            var ack = NetlinkCodec.ack(message);
            // A table that was never used does not exist, which is to say that it is empty.
            if (ack.errno() != 0 && ack.errno() != 2) {
              throw new NetlinkException("reading " + what, ack.errno(), ack.explanation());
            }
            return consistent;
          }
          default -> each.accept(message);
        }
      }
    }
  }

  private List<NetlinkCodec.Message> receive(String what) throws IOException {
    var datagram = socket.receive(PATIENCE);
    if (datagram == null) {
      throw new ClosedChannelException();
    }
    if (!datagram.hasRemaining()) {
      throw new IOException("the kernel did not answer about " + what + " for " + PATIENCE);
    }
    return NetlinkCodec.messages(datagram);
  }

  @Override
  public void close() {
    socket.close();
  }
}
