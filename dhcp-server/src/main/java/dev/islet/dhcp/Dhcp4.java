package dev.islet.dhcp;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.net.MacAddress;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.StartException;
import dev.islet.core.trace.Packet;
import dev.islet.dhcp.admin.LeaseView;
import dev.islet.dhcp.admin.SubnetView;
import dev.islet.dhcp.lease.Action;
import dev.islet.dhcp.lease.Input;
import dev.islet.dhcp.lease.LeaseClock;
import dev.islet.dhcp.lease.LeaseEngine;
import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.lease.LeaseStore;
import dev.islet.dhcp.lease.Policy;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.HostNames;
import dev.islet.dhcp.store.ForeignLeases;
import dev.islet.dhcp.store.LeaseJournal;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.transport.LinkSocket;
import dev.islet.dhcp.transport.NameRegistrar;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The IPv4 part of a running server: its sockets, its engine, its lease file. */
final class Dhcp4 {
  private static final int WAITING = 8_192;
  private static final Duration MARK = Duration.ofMinutes(15);

  private final Surroundings around;
  private final Map<String, LinkSocket> links = new LinkedHashMap<>();
  private final LeaseEngine engine;
  private final LeaseClock clock;
  private final EngineLoop<Input, Action> loop;
  private final OtherServers others;
  private final Duration watch;

  /**
   * Opens everything; what is open is held by the lifecycle.
   *
   * @param names where names of clients go, if they do
   * @throws StartException what could not be opened, and what to do
   */
  Dhcp4(
      Surroundings around,
      DhcpConfig config,
      Optional<Path> leaseFile,
      Optional<NameRegistrar> names) {
    this.around = around;
    this.engine = new LeaseEngine(policy(config), config.plan());
    var floor = new long[] {Long.MIN_VALUE};
    var store =
        around
            .lifecycle()
            .hold(
                openStore(
                    leaseFile,
                    record -> {
                      floor[0] = Math.max(floor[0], record.at());
                      engine.restore(record);
                    }));
    this.clock = new LeaseClock(around.time(), floor[0]);
    if (!config.importLeases().isEmpty()) {
      adopt(config.importLeases(), config, store);
    }
    this.others = new OtherServers(around, config.knownServers());
    this.watch = config.watch();
    for (var nic : config.interfaces()) {
      links.put(nic, around.lifecycle().hold(LinkSocket.onNic(nic, config.broadcastOnly())));
    }
    if (config.listen().isPresent()) {
      var plain = around.lifecycle().hold(LinkSocket.plain(config.listen().get()));
      links.put(plain.link().name(), plain);
    }
    var outlet =
        new DhcpOutlet(
            store,
            () -> engine.records(clock.now()),
            links,
            names,
            around.trace(),
            around.metrics(),
            engine::notStored);
    names.ifPresent(
        n -> {
          engine.names().forEach(n::keep);
          engine.lapsedNames().forEach(n::drop);
        });
    this.loop =
        around
            .lifecycle()
            .hold(
                EngineLoop.start(
                    "dhcp-engine", engine, clock, outlet, (now, event) -> {}, WAITING));
    watch(store, names);
  }

  /** Begins to receive. */
  void listen() {
    links.values().forEach(l -> l.listen(this::take, this::seen));
    if (!watch.isZero()) {
      links.values().forEach(this::watch);
    }
  }

  private void watch(LinkSocket link) {
    link.watch(watch, others::seen);
  }

  /** Takes over leases of another server for addresses that have no record yet. */
  private void adopt(List<Path> files, DhcpConfig config, LeaseStore<LeaseRecord> store) {
    try {
      var now = clock.now();
      var wall = clock.wall();
      for (var lease : ForeignLeases.readAll(files)) {
        var record =
            lease.record(now, wall, policy(config).hostNames().label(lease.name()).orElse(""));
        if (engine.adopt(record)) {
          store.append(record);
        }
      }
      store.commit();
    } catch (IOException e) {
      throw new StartException(
          "DHCP-IMPORT-001",
          "cannot take over the leases of " + files + ": " + e,
          "Correct import-leases, or take it out once the leases are here",
          e);
    }
  }

  static Policy policy(DhcpConfig config) {
    return new Policy(
        config.authoritative(),
        config.offerHold(),
        config.declineRest(),
        config.broadcastOnly() ? Duration.ZERO : config.conflictCheck(),
        MARK,
        config.guard().clientRate(),
        config.guard().strangerRate(),
        config.classes().stream().map(ClassConfig::plan).toList(),
        config.leaseQuery(),
        config.dns().map(NamesConfig::zone),
        new HostNames(config.dns().map(NamesConfig::reserved).orElse(List.of())));
  }

  private static LeaseStore<LeaseRecord> openStore(
      Optional<Path> file, Consumer<LeaseRecord> replay) {
    if (file.isEmpty()) {
      return LeaseStore.none();
    }
    try {
      return LeaseJournal.open(file.get(), replay);
    } catch (IOException e) {
      throw new StartException(
          "DHCP-LEASES-001",
          "cannot use the lease file " + file.get() + ": " + e,
          "Make its folder writable, or give another with --data",
          e);
    }
  }

  private void watch(LeaseStore<LeaseRecord> store, Optional<NameRegistrar> names) {
    around
        .metrics()
        .watch(
            () -> loop.ask(() -> engine.usage().stream().mapToLong(LeaseEngine.Usage::bound).sum()),
            () -> loop.ask(() -> engine.usage().stream().mapToLong(LeaseEngine.Usage::free).sum()),
            () -> store instanceof LeaseJournal<?> journal ? journal.size() : 0,
            () -> store instanceof LeaseJournal<?> journal ? journal.written() : 0,
            () -> names.map(NameRegistrar::pending).orElse(0));
  }

  /**
   * What comes in is read, answered and sent on the receiver's thread: leases of one batch become
   * durable by one commit, while the next datagrams wait in the socket.
   */
  private void take(Link link, List<LinkSocket.Datagram> datagrams) {
    var events = new ArrayList<Input>(datagrams.size());
    for (var datagram : datagrams) {
      read(link, datagram).ifPresent(events::add);
    }
    loop.perform(events);
  }

  private Optional<Input> read(Link link, LinkSocket.Datagram datagram) {
    var trace = around.trace();
    switch (Decoder.decode(datagram.payload())) {
      case Decoded.Malformed(var offset, var reason) -> {
        around.metrics().count(Outcome.MALFORMED);
        if (trace.on()) {
          trace.emit(new DhcpTrace.Malformed(offset, reason, packet(datagram)));
        }
        return Optional.empty();
      }
      case Decoded.Ok(var message) -> {
        var type = message.options().type();
        type.ifPresent(around.metrics()::received);
        if (trace.on() && type.isPresent()) {
          trace.emit(
              new DhcpTrace.Received(
                  type.get(), message.hardware(), link.name(), packet(datagram)));
        }
        return Optional.of(arrived(message, link, datagram.from(), datagram.to()));
      }
    }
  }

  private void seen(Ip4 address, Optional<MacAddress> by) {
    var who = by.map(mac -> mac + " answers ARP for it").orElse("it answers ICMP echo");
    loop.offer(new Input.Conflict(address, by.map(HardwareAddress::of), who));
  }

  private static Packet packet(LinkSocket.Datagram d) {
    return new Packet(Packet.Transport.UDP, d.from(), d.to(), d.payload());
  }

  private static Input.Arrived arrived(
      Message message, Link link, InetSocketAddress from, InetSocketAddress to) {
    boolean unicast = link.addresses().contains(Ip4.of(to.getAddress()));
    return new Input.Arrived(message, link, Ip4.of(from.getAddress()), from.getPort(), unicast);
  }

  /** Goes on by another configuration, between two messages; what is bound stays as it is. */
  void reconfigure(DhcpConfig config) {
    var subnets = config.plan();
    loop.ask(
        () -> {
          engine.reconfigure(clock.now(), policy(config), subnets);
          return true;
        });
  }

  /** Where it listens. */
  List<Endpoint> endpoints() {
    return links.values().stream().map(l -> new Endpoint("dhcp/udp", l.local())).toList();
  }

  /** Events that ended in an exception of the engine: always zero, or there is a fault to mend. */
  long failures() {
    return loop.failures();
  }

  /** Why it cannot answer; empty if it can. */
  Optional<String> notReady() {
    for (var link : links.values()) {
      if (!link.listening()) {
        return Optional.of("the receiver of " + link.link().name() + " has ended");
      }
    }
    var plain = links.values().stream().filter(l -> l.link().plain()).findFirst();
    var subnet = loop.ask(engine::usage).stream().findFirst();
    return plain.isEmpty() || subnet.isEmpty()
        ? Optional.empty()
        : SelfQuestion.ask(plain.get().local(), subnet.get().subnet());
  }

  /** What the admin endpoint shows of it. */
  Map<String, Object> state() {
    var state = new LinkedHashMap<String, Object>();
    state.put("interfaces", links.values().stream().map(LinkSocket::link).toList());
    state.put("otherServers", others.all());
    loop.ask(
        () -> {
          state.put("subnets", engine.usage().stream().map(SubnetView::of).toList());
          state.put(
              "leases",
              engine.leases(clock.now()).stream().map(r -> LeaseView.of(r, clock)).toList());
          return true;
        });
    return state;
  }
}
