package dev.islet.dhcp;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Outlet;
import dev.islet.dhcp.advert.AdvertEngine;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.transport.AdvertSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The part of a running server that tells hosts about routers. */
final class RouterAdverts implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dhcp");
  private static final int WAITING = 256;

  private final Surroundings around;
  private final Map<String, AdvertSocket> sockets = new LinkedHashMap<>();
  private final AdvertEngine engine;
  private final EngineLoop<AdvertEngine.Input, AdvertEngine.Action> loop;

  /** Opens the interfaces; what is open is held by the lifecycle. */
  RouterAdverts(Surroundings around, Ipv6Config six) {
    this.around = around;
    for (var advertise : six.advertise()) {
      sockets.put(advertise.nic(), around.lifecycle().hold(AdvertSocket.onNic(advertise.nic())));
    }
    this.engine = new AdvertEngine(plans(six), new SecureRandom(), around.time().now());
    this.loop =
        around
            .lifecycle()
            .hold(
                EngineLoop.start(
                    "adverts-engine",
                    engine,
                    around.time(),
                    new Mouth(),
                    (now, event) -> {},
                    WAITING));
    around.lifecycle().hold(this);
  }

  private Map<String, AdvertEngine.Plan> plans(Ipv6Config six) {
    var plans = new LinkedHashMap<String, AdvertEngine.Plan>();
    for (var advertise : six.advertise()) {
      var socket = sockets.get(advertise.nic());
      if (socket != null) {
        var here =
            six.subnets().stream()
                .filter(s -> s.nic().filter(advertise.nic()::equals).isPresent())
                .toList();
        plans.put(advertise.nic(), advertise.plan(socket.nic().mac(), here));
      }
    }
    return plans;
  }

  /** Begins to hear. */
  void listen() {
    sockets
        .values()
        .forEach(
            s ->
                s.listen(
                    (link, from, what) ->
                        loop.offer(new AdvertEngine.Input.Said(link, from, what))));
  }

  private final class Mouth implements Outlet<AdvertEngine.Action> {
    @Override
    public void perform(AdvertEngine.Action action) {
      switch (action) {
        case AdvertEngine.Action.Send(var link, var message) -> send(link, message);
        case AdvertEngine.Action.Tell(var event, var outcome) -> {
          outcome.ifPresent(around.metrics()::count);
          if (around.trace().on()) {
            around.trace().emit(event);
          }
          if (outcome.filter(o -> o == Outcome.OTHER_ROUTER).isPresent()) {
            LOG.log(Level.WARNING, event.note());
          }
        }
      }
    }
  }

  private void send(String link, byte[] message) {
    var socket = sockets.get(link);
    if (socket == null) {
      return;
    }
    try {
      socket.send(message);
      around.metrics().count(Outcome.ADVERTISED);
    } catch (IOException e) {
      around.metrics().count(Outcome.NOT_SENT);
      LOG.log(Level.DEBUG, "link=" + link + " advertisement not sent: " + e.getMessage());
    }
  }

  /** Goes on by another configuration; prefixes that are gone are taken back. */
  void reconfigure(Ipv6Config six) {
    var plans = plans(six);
    loop.ask(
        () -> {
          engine.reconfigure(plans, around.time().now());
          return true;
        });
  }

  /** Why it cannot be heard; empty if it can. */
  Optional<String> notReady() {
    return sockets.values().stream()
        .filter(s -> !s.listening())
        .map(s -> "the receiver of solicitations on " + s.nic().name() + " has ended")
        .findFirst();
  }

  /** What the admin endpoint shows of it. */
  Map<String, Object> state() {
    return loop.ask(() -> Map.of("otherRouters", engine.strangers()));
  }

  /** Says that this is no router any more; the sockets are closed after this. */
  @Override
  public void close() {
    loop.ask(() -> engine.farewell(around.time().now())).forEach(this::send);
  }
}
