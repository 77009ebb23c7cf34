package dev.islet.dhcp;

import dev.islet.core.engine.Outlet;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.dhcp.admin.DhcpMetrics;
import dev.islet.dhcp.lease.Action;
import dev.islet.dhcp.lease.Destination;
import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.lease.LeaseStore;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.transport.LinkSocket;
import dev.islet.dhcp.transport.NameRegistrar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Carries out what the engine wants, in the one order that keeps promises: the records of a whole
 * batch are made durable by one commit, then names are put into DNS, then the replies leave. If the
 * commit fails nothing of the batch is said, and the engine is told that it was not written.
 */
final class DhcpOutlet implements Outlet<Action> {
  private static final Logger LOG = System.getLogger("islet.dhcp");

  private final LeaseStore<LeaseRecord> store;
  private final Supplier<Stream<LeaseRecord>> worthKeeping;
  private final Map<String, LinkSocket> links;
  private final Optional<NameRegistrar> names;
  private final Trace<DhcpTrace> trace;
  private final DhcpMetrics metrics;
  private final Consumer<List<Ip4>> notStored;

  private final List<Action> waiting = new ArrayList<>();
  private final Set<Ip4> written = new HashSet<>();
  private long complained;

  /**
   * @param links by name
   * @param notStored is told which addresses' records did not get to the disk
   */
  DhcpOutlet(
      LeaseStore<LeaseRecord> store,
      Supplier<Stream<LeaseRecord>> worthKeeping,
      Map<String, LinkSocket> links,
      Optional<NameRegistrar> names,
      Trace<DhcpTrace> trace,
      DhcpMetrics metrics,
      Consumer<List<Ip4>> notStored) {
    this.store = store;
    this.worthKeeping = worthKeeping;
    this.links = Map.copyOf(links);
    this.names = names;
    this.trace = trace;
    this.metrics = metrics;
    this.notStored = notStored;
  }

  @Override
  public void perform(Action action) {
    if (action instanceof Action.Keep(var record)) {
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
    var batch = List.copyOf(waiting);
    waiting.clear();
    if (!durable) {
      notStored.accept(List.copyOf(written));
      metrics.count(Outcome.NOT_STORED);
    }
    written.clear();
    for (var action : batch) {
      switch (action) {
        case Action.Tell(var event, var outcome) -> {
          if (durable || !(event instanceof DhcpEvent.Granted)) {
            tell(event, outcome);
          }
        }
        case Action.Send send -> {
          if (durable) {
            say(send);
          }
        }
        case Action.Probe(var address, var link, var routed) -> {
          var socket = links.get(link.name());
          if (socket != null) {
            socket.probe(address, routed);
          }
        }
        case Action.Unname(var claim) -> names.ifPresent(n -> n.drop(claim));
        case Action.Keep keep -> throw new IllegalStateException("kept already: " + keep);
      }
    }
    links.forEach((name, link) -> leave(name, link));
    tidy();
  }

  private void leave(String name, LinkSocket link) {
    try {
      int refused = link.flush();
      for (int i = 0; i < refused; i++) {
        metrics.count(Outcome.NOT_SENT);
      }
      if (refused > 0 && minuteHasPassed()) {
        LOG.log(
            Level.WARNING,
            "link=" + name + " replies not sent=" + refused + " (told once a minute)");
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "link=" + name + " is closed", e);
    }
  }

  private boolean commit() {
    long before = System.nanoTime();
    try {
      store.commit();
      metrics.committed((System.nanoTime() - before) / 1e9);
      return true;
    } catch (IOException | UncheckedIOException e) {
      if (minuteHasPassed()) {
        LOG.log(
            Level.ERROR,
            "leases="
                + written.size()
                + " could not be written, so nobody was told of them (told once a minute)",
            e);
      }
      return false;
    }
  }

  private void tidy() {
    try {
      store.tidy(worthKeeping);
    } catch (IOException | UncheckedIOException e) {
      if (minuteHasPassed()) {
        LOG.log(Level.WARNING, "the lease file could not be rewritten", e);
      }
    }
  }

  private void tell(DhcpTrace event, Optional<Outcome> outcome) {
    outcome.ifPresent(metrics::count);
    if (trace.on()) {
      trace.emit(event);
    }
    if (outcome.filter(o -> o == Outcome.EXHAUSTED).isPresent() && minuteHasPassed()) {
      LOG.log(
          Level.WARNING,
          event.note() + " total=" + metrics.counted(Outcome.EXHAUSTED) + " (told once a minute)");
    }
  }

  private boolean minuteHasPassed() {
    long now = System.nanoTime();
    if (complained != 0 && now - complained < 60_000_000_000L) {
      return false;
    }
    complained = now;
    return true;
  }

  private void say(Action.Send send) {
    if (send.name().isPresent() && names.isPresent()) {
      names.get().hold(send.name().get(), () -> transmit(send, LinkSocket::send));
    } else {
      transmit(send, LinkSocket::queue);
    }
  }

  /** Sends at once, or together with others. */
  @FunctionalInterface
  private interface Mouth {
    void say(LinkSocket link, Destination to, Ip4 from, byte[] payload) throws IOException;
  }

  private void transmit(Action.Send send, Mouth mouth) {
    var link = links.get(send.link().name());
    if (link == null) {
      return; // a link of a test without sockets
    }
    var bytes = send.message().bytes();
    try {
      if (trace.on()) {
        // Told before it leaves: the client's answer may be here before this thread goes on.
        var path = link.path(send.to(), send.from());
        trace.emit(
            new DhcpTrace.Sent(
                send.type(),
                send.client(),
                send.address(),
                send.to().toString(),
                send.message().dropped(),
                new Packet(Packet.Transport.UDP, path.from(), path.to(), bytes)));
      }
      mouth.say(link, send.to(), send.from(), bytes);
      metrics.sent(send.type());
    } catch (IOException e) {
      metrics.count(Outcome.NOT_SENT);
      LOG.log(
          Level.WARNING,
          "link=" + send.link().name() + " to=" + send.to() + " reply not sent: " + e.getMessage());
    }
  }
}
