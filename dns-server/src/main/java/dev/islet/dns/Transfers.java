package dev.islet.dns;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.TransferPolicy;
import dev.islet.dns.store.SecondaryStore;
import dev.islet.dns.transfer.History;
import dev.islet.dns.transfer.NotifyPolicy;
import dev.islet.dns.transfer.Peer;
import dev.islet.dns.transfer.Secondary;
import dev.islet.dns.transfer.Shelf;
import dev.islet.dns.transfer.TransferAction;
import dev.islet.dns.transfer.TransferDesk;
import dev.islet.dns.transfer.TransferEngine;
import dev.islet.dns.transfer.TransferEvent;
import dev.islet.dns.transfer.TransferLimits;
import dev.islet.dns.transport.TransferPort;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import dev.islet.dns.zone.Zones;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** The wiring of zone transfers: every zone published passes here on its way to the readers. */
final class Transfers {
  private static final int QUEUE = 4_096;

  private final History history = new History();
  private final ZoneHolder zones = new ZoneHolder(history::observe, this::published);
  private final TimeSource time;
  private final Trace<DnsEvent> trace;
  private final TransferEngine engine;
  private final TransferDesk desk;
  private Shelf shelf;
  private volatile Map<Name, NotifyPolicy> notify = Map.of();
  private volatile @Nullable EngineLoop<TransferEvent, TransferAction> loop;

  Transfers(TimeSource time, Trace<DnsEvent> trace, RandomGenerator random) {
    this.time = time;
    this.trace = trace;
    this.engine = new TransferEngine(random);
    this.shelf = new SecondaryStore(Optional.empty(), time);
    this.desk = new TransferDesk(zones, history, time::wall, trace);
  }

  ZoneHolder zones() {
    return zones;
  }

  TransferDesk desk() {
    return desk;
  }

  /**
   * Starts the engine; before the first zone is published.
   *
   * @param home where copies of other servers' zones are kept; none if they need not last
   */
  void open(Lifecycle lifecycle, Optional<Home> home) {
    var store =
        lifecycle.hold(new SecondaryStore(home.map(h -> h.data("dns").resolve("secondary")), time));
    shelf = store;
    var port = lifecycle.hold(new TransferPort(zones, store, time, trace));
    var started =
        lifecycle.hold(EngineLoop.start("dns-transfer", engine, time, port, (now, e) -> {}, QUEUE));
    port.feed(started);
    loop = started;
  }

  /** Takes what the operator decided; before the zones it is about are published. */
  void configure(DnsConfig config, Map<Name, TsigKey> keys) {
    var policies = new HashMap<Name, TransferPolicy>();
    var tell = new HashMap<Name, NotifyPolicy>();
    config
        .zones()
        .forEach(
            (text, zone) -> {
              var origin = DnsConfig.name("zones", text);
              zone.transfer().ifPresent(t -> policies.put(origin, policy(t)));
              zone.notifyTo().ifPresent(n -> tell.put(origin, policy(n, keys)));
            });
    history.keep(policies.keySet());
    desk.policies(policies);
    notify = Map.copyOf(tell);
    secondaries(config, keys);
  }

  private void secondaries(DnsConfig config, Map<Name, TsigKey> keys) {
    var wanted = new ArrayList<Secondary>();
    config
        .zones()
        .forEach(
            (text, zone) ->
                zone.secondary()
                    .ifPresent(s -> wanted.add(secondary(DnsConfig.name("zones", text), s, keys))));
    var running = loop();
    running.ask(
        () -> {
          var gone = engine.secondaries(time.now(), wanted, shelf::load);
          gone.forEach(shelf::forget);
          return gone;
        });
    var primaries = new HashMap<Name, Set<InetAddress>>();
    for (var secondary : wanted) {
      primaries.put(
          secondary.zone(),
          secondary.primaries().stream()
              .map(p -> p.address().getAddress())
              .collect(Collectors.toSet()));
    }
    desk.primaries(primaries, running::offer);
  }

  private static Secondary secondary(Name zone, SecondaryConfig config, Map<Name, TsigKey> keys) {
    var key = config.key().map(k -> DnsConfig.name("key", k)).map(keys::get);
    return new Secondary(
        zone,
        config.primaries().stream().map(p -> new Peer(p.address(), key)).toList(),
        new TransferLimits(config.maxBytes(), config.maxRecords(), config.maxTime()));
  }

  /** Publishes the zones of our own, with those of other servers as they are now. */
  void publish(List<Zone> own) {
    loop()
        .ask(
            () -> {
              var next = Zones.of(own);
              for (var entry : engine.served().entrySet()) {
                var before = next;
                next =
                    entry
                        .getValue()
                        .map(before::with)
                        .orElseGet(() -> before.unavailable(entry.getKey()));
              }
              zones.publish(next);
              return next;
            });
  }

  private EngineLoop<TransferEvent, TransferAction> loop() {
    var started = loop;
    if (started == null) {
      throw new IllegalStateException("zones before the engine of transfers was started");
    }
    return started;
  }

  private static TransferPolicy policy(TransferConfig config) {
    return new TransferPolicy(
        config.networks().isEmpty() ? Optional.empty() : Optional.of(new Acl(config.networks())),
        config.keys().stream().map(k -> DnsConfig.name("keys", k)).collect(Collectors.toSet()));
  }

  private static NotifyPolicy policy(NotifyConfig config, Map<Name, TsigKey> keys) {
    var key = config.key().map(k -> DnsConfig.name("key", k)).map(keys::get);
    var targets = config.targets().stream().map(t -> new Peer(t.address(), key)).toList();
    return new NotifyPolicy(targets, config.servers(), key);
  }

  /** A full queue loses the notice; the secondaries' refresh timers make up for it. */
  private void published(Zones before, Zones after) {
    var engineLoop = loop;
    if (engineLoop == null) {
      return;
    }
    notify.forEach(
        (origin, policy) -> {
          var zone = after.at(origin);
          boolean same =
              zone.isPresent()
                  && before.at(origin).map(b -> b.serial() == zone.get().serial()).orElse(false);
          if (zone.isPresent() && !same) {
            engineLoop.offer(new TransferEvent.Published(zone.get(), policy.of(after, zone.get())));
          }
        });
  }
}
