package dev.islet.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.client.SimulatedClient;
import dev.islet.dhcp.client.VirtualWire;
import dev.islet.dhcp.lease.Action;
import dev.islet.dhcp.lease.LeaseEngine;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A million lease-hours: 5,000 clients on two links that move, are switched off, come back, give
 * their addresses back and find them in use, over a network that loses messages.
 */
class SoakTest {
  private static final int CLIENTS = 5_000;
  private static final Duration TIME = Duration.ofHours(300);
  private static final List<Link> LINKS =
      List.of(
          new Link("eth0", List.of(Ip4.parse("10.1.0.1")), false),
          new Link("eth1", List.of(Ip4.parse("10.2.0.1")), false));

  private record Promise(HardwareAddress to, long until) {}

  private final Random random = new Random(20_261_124);
  private final Map<Ip4, Promise> promises = new HashMap<>();
  private final LeaseEngine engine;
  private final VirtualWire wire;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final Map<SimulatedClient, Ip4> using = new HashMap<>();
  private final Map<Ip4, SimulatedClient> users = new HashMap<>();
  private long counted;
  private double leaseHours;
  private long acks;
  private long events;

  SoakTest() {
    var config =
        DhcpConfigTest.parse(
            """
            interfaces: [eth0, eth1]
            conflict-check: 0s
            subnets:
              - {subnet: 10.1.0.0/18, pools: [10.1.0.10-10.1.23.255], lease: 12h}
              - {subnet: 10.2.0.0/18, pools: [10.2.0.10-10.2.23.255], lease: 8h}
            """);
    engine = new LeaseEngine(Dhcp4.policy(config), config.plan());
    wire = new VirtualWire(engine, random, 0.02, 0, this::watch);
  }

  /** What the server promises, and that it breaks none of it. */
  private void watch(Action action) {
    switch (action) {
      case Action.Send send when send.type() == MessageType.ACK && !send.address().isNone() -> {
        acks++;
        var ack = ((Decoded.Ok) Decoder.decode(send.message().bytes())).message();
        long until =
            wire.now() + ack.options().number32(Code.LEASE_TIME).orElseThrow() * 1_000_000_000L;
        var before = promises.put(send.address(), new Promise(send.client(), until));
        if (before != null && !before.to().equals(send.client()) && before.until() > wire.now()) {
          throw new AssertionError(
              send.address() + " given to " + send.client() + " while promised to " + before.to());
        }
      }
      case Action.Tell(DhcpEvent.Released(var client, var address), var _) -> {
        var promise = promises.get(address);
        if (promise != null && promise.to().equals(client)) {
          promises.remove(address);
        }
      }
      case Action.Tell(dev.islet.dhcp.model.DhcpTrace.Quarantined q, var _) ->
          promises.remove(q.address());
      default -> {}
    }
  }

  /** No two clients use one address; checked for the client that an event may have changed. */
  private void check(SimulatedClient client) {
    var address = client.address().filter(a -> client.end() > wire.now()).orElse(Ip4.NONE);
    var before = using.getOrDefault(client, Ip4.NONE);
    if (address.equals(before)) {
      return;
    }
    users.remove(before, client);
    using.put(client, address);
    if (!address.isNone()) {
      var other = users.put(address, client);
      if (other != null && other.address().filter(address::equals).isPresent()) {
        throw new AssertionError(
            address + " is used by " + client.hardware() + " and " + other.hardware());
      }
    }
  }

  private void step(Optional<SimulatedClient> about) {
    about.ifPresent(this::check);
    if (++events % 20_000 == 0) {
      long bound = engine.usage().stream().mapToLong(LeaseEngine.Usage::bound).sum();
      leaseHours += bound * ((wire.now() - counted) / 3.6e12);
      counted = wire.now();
      balance();
    }
  }

  /** No address is lost and none is counted twice. */
  private void balance() {
    var leases = engine.leases(wire.now());
    var seen = new HashSet<Ip4>();
    int resting = 0;
    for (var lease : leases) {
      assertThat(seen.add(lease.address())).isTrue();
      resting += lease.state() == dev.islet.dhcp.model.LeaseState.QUARANTINED ? 1 : 0;
    }
    long pool = 0;
    long accounted = resting;
    for (var usage : engine.usage()) {
      pool += usage.pool();
      accounted += usage.free() + usage.bound() + usage.offered();
    }
    // A client that has an address and looks for one is offered its own: it counts twice.
    assertThat(accounted).as("addresses at " + wire.now()).isBetween(pool, pool + 200);
  }

  /** What a person does to a client, and when the next one comes along. */
  private void live(SimulatedClient client) {
    wire.with(
        client,
        c -> {
          switch (random.nextInt(10)) {
            case 0 -> {
              c.vanish();
              wire.move(c, LINKS.get(random.nextInt(2)));
              c.start(wire.now());
            }
            case 1 -> c.release();
            case 2 -> c.vanish();
            case 3 -> c.decline(wire.now());
            default -> {
              if (c.state() == SimulatedClient.State.OFF || random.nextInt(4) == 0) {
                c.vanish();
                c.start(wire.now());
              }
            }
          }
        });
    wire.at(wire.now() + random.nextLong(Duration.ofHours(24).toNanos()), () -> live(client));
  }

  @Test
  void a_million_lease_hours() {
    for (int i = 0; i < CLIENTS; i++) {
      var hardware = HardwareAddress.parse("b8:27:eb:00:%02x:%02x".formatted(i >> 8, i & 255));
      var client = wire.client(hardware, LINKS.get(i % 2));
      clients.add(client);
      wire.at(
          random.nextLong(Duration.ofMinutes(5).toNanos()),
          () -> {
            wire.with(client, c -> c.start(wire.now()));
            wire.at(
                wire.now() + random.nextLong(Duration.ofHours(12).toNanos()), () -> live(client));
          });
    }
    wire.run(TIME.toNanos(), this::step);
    assertThat(leaseHours).isGreaterThan(1_000_000);
    assertThat(acks).isGreaterThan(200_000);
    // Everybody goes without a word: in the end nothing is left over.
    clients.forEach(c -> wire.with(c, SimulatedClient::vanish));
    engine.onTime(wire.now() + Duration.ofHours(30).toNanos(), this::watch);
    for (var usage : engine.usage()) {
      assertThat(usage.bound()).isZero();
      assertThat(usage.offered()).isZero();
      assertThat(usage.free()).isEqualTo(usage.pool());
    }
  }
}
