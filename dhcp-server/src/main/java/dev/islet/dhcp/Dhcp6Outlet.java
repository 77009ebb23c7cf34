package dev.islet.dhcp;

import dev.islet.core.engine.Outlet;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.dhcp.admin.DhcpMetrics;
import dev.islet.dhcp.lease.LeaseStore;
import dev.islet.dhcp.lease6.Action6;
import dev.islet.dhcp.lease6.Lease6Record;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.transport.Link6Socket;
import dev.islet.dhcp.transport.NameRegistrar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Carries out what the DHCPv6 engine wants: the records of a batch are made durable by one commit,
 * then names are put into DNS, then the replies leave. If that fails nothing of the batch is said.
 */
final class Dhcp6Outlet implements Outlet<Action6> {
  private static final Logger LOG = System.getLogger("islet.dhcp");

  private final LeaseStore<Lease6Record> store;
  private final Supplier<Stream<Lease6Record>> worthKeeping;
  private final Map<String, Link6Socket> links;
  private final Optional<NameRegistrar> names;
  private final Trace<DhcpTrace> trace;
  private final DhcpMetrics metrics;
  private final Consumer<List<Ip6>> notStored;
  private final List<Action6> waiting = new ArrayList<>();
  private final List<Ip6> written = new ArrayList<>();
  private boolean failed;

  Dhcp6Outlet(
      LeaseStore<Lease6Record> store,
      Supplier<Stream<Lease6Record>> worthKeeping,
      Map<String, Link6Socket> links,
      Optional<NameRegistrar> names,
      Trace<DhcpTrace> trace,
      DhcpMetrics metrics,
      Consumer<List<Ip6>> notStored) {
    this.store = store;
    this.worthKeeping = worthKeeping;
    this.links = Map.copyOf(links);
    this.names = names;
    this.trace = trace;
    this.metrics = metrics;
    this.notStored = notStored;
  }

  @Override
  public void perform(Action6 action) {
    if (action instanceof Action6.Keep(var record)) {
      store.append(record);
      written.add(record.address());
    } else {
      waiting.add(action);
    }
  }

  @Override
  public void flush() {
    if (waiting.isEmpty() && written.isEmpty()) {
      return;
    }
    boolean durable = written.isEmpty() || commit();
    if (!durable) {
      notStored.accept(List.copyOf(written));
      metrics.count(Outcome.NOT_STORED);
    }
    written.clear();
    var batch = List.copyOf(waiting);
    waiting.clear();
    for (var action : batch) {
      switch (action) {
        case Action6.Tell(var event, var outcome) -> {
          if (durable || outcome.filter(o -> o == Outcome.GRANTED).isEmpty()) {
            outcome.ifPresent(metrics::count);
            if (trace.on()) {
              trace.emit(event);
            }
          }
        }
        case Action6.Send send -> {
          if (durable) {
            say(send);
          }
        }
        case Action6.Unname(var claim) -> names.ifPresent(n -> n.drop(claim));
        case Action6.Keep keep -> throw new IllegalStateException("kept already: " + keep);
      }
    }
    tidy();
  }

  private boolean commit() {
    long before = System.nanoTime();
    try {
      store.commit();
      metrics.committed((System.nanoTime() - before) / 1e9);
      failed = false;
      return true;
    } catch (IOException | UncheckedIOException e) {
      if (!failed) {
        LOG.log(
            Level.ERROR,
            "IPv6 leases could not be written, so nobody was told of them (told once)",
            e);
      }
      failed = true;
      return false;
    }
  }

  private void tidy() {
    try {
      store.tidy(worthKeeping);
    } catch (IOException | UncheckedIOException e) {
      if (!failed) {
        LOG.log(Level.WARNING, "the file of IPv6 leases could not be rewritten", e);
      }
      failed = true;
    }
  }

  private void say(Action6.Send send) {
    if (send.name().isPresent() && names.isPresent()) {
      names.get().hold(send.name().get(), () -> transmit(send));
    } else {
      transmit(send);
    }
  }

  private void transmit(Action6.Send send) {
    var link = links.get(send.link());
    if (link == null) {
      return; // a link of a test without sockets
    }
    var bytes = send.message().write();
    try {
      if (trace.on()) {
        var from = link.addresses().getFirst().toInet();
        trace.emit(
            new DhcpTrace.Sent6(
                send.message().type(),
                send.client(),
                send.link(),
                new Packet(
                    Packet.Transport.UDP,
                    new InetSocketAddress(from, link.local().getPort()),
                    new InetSocketAddress(send.to().toInet(), send.port()),
                    bytes)));
      }
      link.send(bytes, send.to(), send.port());
      metrics.sent(send.message().type());
    } catch (IOException e) {
      metrics.count(Outcome.NOT_SENT);
      LOG.log(
          Level.DEBUG,
          "link=" + send.link() + " to=" + send.to() + " reply not sent: " + e.getMessage());
    }
  }
}
