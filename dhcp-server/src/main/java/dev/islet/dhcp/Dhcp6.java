package dev.islet.dhcp;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.core.trace.Packet;
import dev.islet.dhcp.lease.LeaseClock;
import dev.islet.dhcp.lease.LeaseStore;
import dev.islet.dhcp.lease6.Action6;
import dev.islet.dhcp.lease6.Input6;
import dev.islet.dhcp.lease6.Lease6Engine;
import dev.islet.dhcp.lease6.Lease6Record;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.store.LeaseJournal;
import dev.islet.dhcp.transport.Link6Socket;
import dev.islet.dhcp.transport.LinkSocket;
import dev.islet.dhcp.transport.NameRegistrar;
import dev.islet.dhcp.wire.Code6;
import dev.islet.dhcp.wire.Message6;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The IPv6 part of a running server: its sockets, its engine, its lease file. */
final class Dhcp6 {
  private static final int WAITING = 1_024;
  private static final Duration MARK = Duration.ofMinutes(15);

  private final Surroundings around;
  private final Map<String, Link6Socket> links = new LinkedHashMap<>();
  private final Lease6Engine engine;
  private final LeaseClock clock;
  private final EngineLoop<Input6, Action6> loop;

  /**
   * Opens everything; what is open is held by the lifecycle.
   *
   * @param names where names of clients go, if they do
   * @param folder where leases and the server's DUID are kept; none: they end with the server
   * @throws StartException what could not be opened, and what to do
   */
  Dhcp6(
      Surroundings around,
      DhcpConfig config,
      Ipv6Config six,
      Optional<Path> folder,
      Optional<NameRegistrar> names) {
    this.around = around;
    this.engine =
        new Lease6Engine(
            duid(folder),
            config.declineRest(),
            MARK,
            config.dns().map(NamesConfig::naming),
            six.networks());
    var floor = new long[] {Long.MIN_VALUE};
    var store =
        around
            .lifecycle()
            .hold(
                openStore(
                    folder,
                    record -> {
                      floor[0] = Math.max(floor[0], record.at());
                      engine.restore(record);
                    }));
    this.clock = new LeaseClock(around.time(), floor[0]);
    var nics = new LinkedHashSet<>(config.interfaces());
    six.subnets().forEach(s -> s.nic().ifPresent(nics::add));
    for (var nic : six.subnets().isEmpty() ? List.<String>of() : nics) {
      links.put(nic, around.lifecycle().hold(Link6Socket.onNic(nic)));
    }
    var outlet =
        new Dhcp6Outlet(
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
                    "dhcp6-engine", engine, clock, outlet, (now, event) -> {}, WAITING));
    around.metrics().watchSix(() -> loop.ask(engine::bound));
  }

  /**
   * The server's DUID: a UUID (RFC 6355) that is made once, and stays whatever cards the machine
   * gets.
   */
  private static Octets duid(Optional<Path> folder) {
    var head = Octets.of((byte) 0, (byte) 4);
    if (folder.isEmpty()) {
      var fresh = new byte[16];
      new SecureRandom().nextBytes(fresh);
      return head.plus(Octets.of(fresh));
    }
    var file = folder.get().resolve("server.duid");
    try {
      var kept = Octets.parse(SharedSecret.of(file));
      if (kept.size() >= 16) {
        return head.plus(Octets.of(kept.toBytes(), 0, 16));
      }
      throw new IllegalArgumentException("it holds less than 32 hexadecimal digits");
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "DHCP-DUID-001",
          "cannot keep the server's DUID in " + file + ": " + e.getMessage(),
          "Make its folder writable, or delete the file to have a fresh one made",
          e);
    }
  }

  private static LeaseStore<Lease6Record> openStore(
      Optional<Path> folder, Consumer<Lease6Record> replay) {
    if (folder.isEmpty()) {
      return LeaseStore.none();
    }
    var file = folder.get().resolve("leases6.journal");
    try {
      return LeaseJournal.openSix(file, replay);
    } catch (IOException e) {
      throw new StartException(
          "DHCP-LEASES-001",
          "cannot use the lease file " + file + ": " + e,
          "Make its folder writable, or give another with --data",
          e);
    }
  }

  /** Begins to receive. */
  void listen() {
    links.values().forEach(l -> l.listen(this::take));
  }

  private void take(Link6Socket link, List<LinkSocket.Datagram> datagrams) {
    var events = new ArrayList<Input6>(datagrams.size());
    for (var datagram : datagrams) {
      read(link, datagram).ifPresent(events::add);
    }
    loop.perform(events);
  }

  private Optional<Input6> read(Link6Socket link, LinkSocket.Datagram d) {
    var trace = around.trace();
    var packet = new Packet(Packet.Transport.UDP, d.from(), d.to(), d.payload());
    switch (Message6.read(d.payload())) {
      case Message6.Read.Malformed(var offset, var reason) -> {
        around.metrics().count(Outcome.MALFORMED);
        if (trace.on()) {
          trace.emit(new DhcpTrace.Malformed(offset, reason, packet));
        }
        return Optional.empty();
      }
      case Message6.Read.Ok(var message) -> {
        around.metrics().received(message.type());
        if (trace.on()) {
          var client = message.get(Code6.CLIENT_ID).map(Octets::toString).orElse("?");
          trace.emit(new DhcpTrace.Received6(message.type(), client, link.name(), packet));
        }
        return Optional.of(
            new Input6(
                message,
                link.name(),
                link.addresses(),
                Ip6.of(d.from().getAddress()),
                d.from().getPort(),
                d.to().getAddress().isMulticastAddress()));
      }
    }
  }

  /** Goes on by another configuration, between two messages; what is bound stays as it is. */
  void reconfigure(Ipv6Config six) {
    var networks = six.networks();
    loop.ask(
        () -> {
          engine.reconfigure(networks);
          return true;
        });
  }

  /** Where it listens. */
  List<Endpoint> endpoints() {
    return links.values().stream().map(l -> new Endpoint("dhcp6/udp", l.local())).toList();
  }

  /** Events that ended in an exception of the engine: always zero, or there is a fault to mend. */
  long failures() {
    return loop.failures();
  }

  /** Why it cannot answer; empty if it can. */
  Optional<String> notReady() {
    return links.values().stream()
        .filter(l -> !l.listening())
        .map(l -> "the DHCPv6 receiver of " + l.name() + " has ended")
        .findFirst();
  }

  /** What the admin endpoint shows of it. */
  Map<String, Object> state() {
    return loop.ask(
        () ->
            Map.of(
                "leases6",
                engine.leases(clock.now()).stream()
                    .map(
                        r ->
                            Map.of(
                                "what", r.what(),
                                "state", r.state(),
                                "duid", r.duid().toString(),
                                "iaid", Integer.toUnsignedLong(r.iaid()),
                                "until", clock.wallOf(r.until()).toString()))
                    .toList()));
  }
}
