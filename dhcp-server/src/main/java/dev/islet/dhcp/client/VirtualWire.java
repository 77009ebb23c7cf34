package dev.islet.dhcp.client;

import dev.islet.dhcp.lease.Action;
import dev.islet.dhcp.lease.Input;
import dev.islet.dhcp.lease.LeaseEngine;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Joins simulated clients and a server's engine in virtual time: every message takes a moment, some
 * are lost, and time goes on from one event to the next.
 */
public final class VirtualWire {
  private static final long LEAST_DELAY = 100_000L;
  private static final long MOST_DELAY = 20_000_000L;

  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final LeaseEngine engine;
  private final RandomGenerator random;
  private final double loss;
  private final Consumer<? super Action> watcher;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<HardwareAddress, SimulatedClient> clients = new HashMap<>();
  private final Map<HardwareAddress, Link> links = new HashMap<>();
  private final Map<SimulatedClient, Long> woken = new HashMap<>();
  private Optional<SimulatedClient> touched = Optional.empty();
  private long engineWake = Long.MAX_VALUE;
  private long now;
  private long order;

  /**
   * @param loss the part of messages that get lost, from 0 to 1
   * @param watcher sees everything the engine wants done, in order
   */
  public VirtualWire(
      LeaseEngine engine,
      RandomGenerator random,
      double loss,
      long start,
      Consumer<? super Action> watcher) {
    this.engine = engine;
    this.random = random;
    this.loss = loss;
    this.now = start;
    this.watcher = watcher;
  }

  /** The virtual time, in nanoseconds. */
  public long now() {
    return now;
  }

  /** A new client on a link, switched off. */
  public SimulatedClient client(HardwareAddress hardware, Link link) {
    var client = new SimulatedClient(hardware, random, this::say);
    clients.put(hardware, client);
    links.put(hardware, link);
    return client;
  }

  /** Plugs a client in elsewhere. */
  public void move(SimulatedClient client, Link link) {
    links.put(client.hardware(), link);
  }

  /** Does something at a moment. */
  public void at(long moment, Runnable what) {
    events.add(new Event(Math.max(moment, now), order++, what));
  }

  /** Does something to a client now. */
  public void with(SimulatedClient client, Consumer<SimulatedClient> what) {
    touched = Optional.of(client);
    what.accept(client);
    settle(client);
  }

  /**
   * Lets time pass.
   *
   * @param after is called after each event, with the client that it was about, if it was
   */
  public void run(long until, Consumer<Optional<SimulatedClient>> after) {
    while (!events.isEmpty() && events.peek().at() <= until) {
      var event = events.poll();
      now = event.at();
      touched = Optional.empty();
      event.what().run();
      after.accept(touched);
    }
    now = until;
  }

  private void say(SimulatedClient client, Message message, Optional<Ip4> server) {
    if (random.nextDouble() < loss) {
      return;
    }
    var link = links.get(client.hardware());
    if (link == null || server.isPresent() && !link.addresses().contains(server.get())) {
      return; // a server elsewhere hears nothing of a client that has moved
    }
    var from = message.ciaddr();
    after(
        () ->
            engine.on(
                now,
                new Input.Arrived(message, link, from, 68, server.isPresent()),
                this::carryOut));
  }

  private void after(Runnable what) {
    at(
        now + random.nextLong(LEAST_DELAY, MOST_DELAY),
        () -> {
          what.run();
          settle();
        });
  }

  private void carryOut(Action action) {
    watcher.accept(action);
    if (action instanceof Action.Send send && random.nextDouble() >= loss) {
      var client = clients.get(send.client());
      var link = links.get(send.client());
      if (client != null
          && send.link().equals(link)
          && Decoder.decode(send.message().bytes()) instanceof Decoded.Ok(var message)) {
        at(
            now + random.nextLong(LEAST_DELAY, MOST_DELAY),
            () -> with(client, c -> c.hear(now, message)));
      }
    }
  }

  /** The engine is woken when it wants. */
  private void settle() {
    long wake = engine.deadline();
    if (wake < engineWake) {
      engineWake = wake;
      at(
          wake,
          () -> {
            engineWake = Long.MAX_VALUE;
            engine.onTime(now, this::carryOut);
            settle();
          });
    }
  }

  private void settle(SimulatedClient client) {
    long wake = client.deadline();
    var before = woken.get(client);
    if (wake != Long.MAX_VALUE && (before == null || before != wake)) {
      woken.put(client, wake);
      at(
          wake,
          () -> {
            if (client.deadline() == wake) {
              woken.remove(client);
              with(client, c -> c.onTime(now));
            }
          });
    }
  }
}
