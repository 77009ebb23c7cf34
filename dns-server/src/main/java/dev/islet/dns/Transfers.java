package dev.islet.dns;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.TransferPolicy;
import dev.islet.dns.store.HistoryStore;
import dev.islet.dns.store.ZoneCopies;
import dev.islet.dns.transfer.Catalog;
import dev.islet.dns.transfer.History;
import dev.islet.dns.transfer.NotifyPolicy;
import dev.islet.dns.transfer.Peer;
import dev.islet.dns.transfer.Secondary;
import dev.islet.dns.transfer.Shelf;
import dev.islet.dns.transfer.TransferAction;
import dev.islet.dns.transfer.TransferBook;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  private final TransferBook book;
  private final TransferEngine engine;
  private final TransferDesk desk;
  private Shelf shelf;
  private Map<Name, Secondary> configured = Map.of();
  private Set<Name> reserved = Set.of();
  private Map<Name, Catalog.Member> members = Map.of();
  private final Map<Name, Catalog> known = new HashMap<>();
  private volatile List<Name> catalogs = List.of();
  private volatile Map<Name, NotifyPolicy> notify = Map.of();
  private volatile boolean listening;
  private volatile @Nullable EngineLoop<TransferEvent, TransferAction> loop;

  Transfers(TimeSource time, Trace<DnsEvent> trace, RandomGenerator random) {
    this.time = time;
    this.book = new TransferBook(trace);
    this.engine = new TransferEngine(random);
    this.shelf = new ZoneCopies(Optional.empty(), time, Runnable::run);
    this.desk = new TransferDesk(zones, history, time, book);
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
   * @param home where copies of other servers' zones, and differences of ours, are kept; none if
   *     they need not last
   */
  void open(Lifecycle lifecycle, Optional<Home> home, TransferBook.Counts counts) {
    book.counts(counts);
    home.ifPresent(
        h ->
            HistoryStore.open(h.data("dns").resolve("differences.journal"), history)
                .ifPresent(lifecycle::hold));
    var store =
        lifecycle.hold(
            new ZoneCopies(home.map(h -> h.data("dns").resolve("secondary")), time, Runnable::run));
    shelf = store;
    var port = lifecycle.hold(new TransferPort(zones, store, time, book));
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
    var wanted = new LinkedHashMap<Name, Secondary>();
    var lists = new ArrayList<Name>();
    config
        .zones()
        .forEach(
            (text, zone) -> {
              var name = DnsConfig.name("zones", text);
              zone.secondary().ifPresent(s -> wanted.put(name, secondary(name, s, keys)));
              if (zone.catalog().equals(Optional.of(CatalogRole.CONSUME))) {
                lists.add(name);
              }
            });
    var own = new HashSet<Name>();
    config.zones().keySet().forEach(text -> own.add(DnsConfig.name("zones", text)));
    loop()
        .ask(
            () -> {
              configured = wanted;
              catalogs = lists;
              known.keySet().retainAll(lists);
              reserved = own;
              return adopt();
            });
  }

  /** Takes the zones that the configuration and the catalogs name; on the engine's thread. */
  private Set<Name> adopt() {
    var wanted = new LinkedHashMap<>(configured);
    var found = members(wanted);
    var anew = new HashSet<Name>();
    found.forEach(
        (zone, member) -> {
          var before = members.get(zone);
          if (before != null && !before.label().equals(member.label())) {
            anew.add(zone); // RFC 9432 section 5.6: what was known of it is thrown away
          }
        });
    members = found;
    var kept = wanted.values().stream().filter(s -> !anew.contains(s.zone())).toList();
    var gone = new HashSet<Name>();
    for (var list : List.of(kept, List.copyOf(wanted.values()))) {
      var left = engine.secondaries(time.now(), list, shelf::load);
      left.forEach(shelf::forget);
      gone.addAll(left);
    }
    var primaries = new HashMap<Name, Set<InetAddress>>();
    wanted.forEach(
        (zone, secondary) ->
            primaries.put(
                zone,
                secondary.primaries().stream()
                    .map(p -> p.address().getAddress())
                    .collect(Collectors.toSet())));
    desk.primaries(primaries, loop()::offer);
    gone.removeAll(reserved);
    return gone;
  }

  /** Adds the zones of all catalogs to those wanted; the first catalog to name one has it. */
  private Map<Name, Catalog.Member> members(Map<Name, Secondary> wanted) {
    var found = new LinkedHashMap<Name, Catalog.Member>();
    for (var list : catalogs) {
      var source = configured.get(list);
      // A broken catalog changes nothing (RFC 9432 section 5.1), nor does one that is gone for now.
      zones.now().at(list).flatMap(Catalog::of).ifPresent(c -> known.put(list, c));
      var content = known.get(list);
      if (source == null || content == null) {
        continue;
      }
      content
          .members()
          .forEach(
              (zone, member) -> {
                var owner = found.get(zone);
                boolean free = !reserved.contains(zone) && owner == null;
                boolean given = owner != null && owner.leavesTo().equals(Optional.of(list));
                if (free || given) {
                  found.put(zone, member);
                  wanted.put(zone, new Secondary(zone, source.primaries(), source.limits()));
                }
              });
    }
    return found;
  }

  /** A catalog came or changed: its zones come and go; on the engine's thread. */
  private void catalogChanged() {
    var gone = adopt();
    zones.change(
        now -> {
          var next = now;
          for (var zone : gone) {
            next = next.without(zone);
          }
          return with(next);
        });
  }

  private Zones with(Zones own) {
    var next = own;
    for (var entry : engine.served().entrySet()) {
      var zone = entry.getValue();
      if (zone.isEmpty()) {
        next = next.unavailable(entry.getKey());
      } else if (next.at(entry.getKey()).orElse(null) != zone.get()) {
        next = next.with(zone.get());
      }
    }
    return next;
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
              var next = with(Zones.of(own));
              zones.publish(next);
              return next;
            });
  }

  /**
   * Tells the secondaries of every zone, and from here on of every change: our sockets are there
   * now, so that who asks at once is answered.
   */
  void listening() {
    zones.change(
        now -> {
          listening = true;
          tell(Zones.NONE, now);
          return now;
        });
  }

  /** How each copy of a zone of others is. */
  List<Secondary.Condition> conditions() {
    return loop().ask(() -> engine.conditions(time.now()));
  }

  private EngineLoop<TransferEvent, TransferAction> loop() {
    var started = loop;
    if (started == null) {
      throw new IllegalStateException("zones before the engine of transfers was started");
    }
    return started;
  }

  private static TransferPolicy policy(TransferConfig config) {
    var keys =
        config.keys().stream().map(k -> DnsConfig.name("keys", k)).collect(Collectors.toSet());
    return new TransferPolicy(
        config.networks().isEmpty() ? Optional.empty() : Optional.of(new Acl(config.networks())),
        keys,
        config.maxTime());
  }

  private static NotifyPolicy policy(NotifyConfig config, Map<Name, TsigKey> keys) {
    var key = config.key().map(k -> DnsConfig.name("key", k)).map(keys::get);
    var targets = config.targets().stream().map(t -> new Peer(t.address(), key)).toList();
    return new NotifyPolicy(targets, config.servers(), key);
  }

  /** A full queue loses the notice; the secondaries' refresh timers make up for it. */
  private void published(Zones before, Zones after) {
    if (loop == null) {
      return;
    }
    boolean listed =
        catalogs.stream()
            .map(c -> after.at(c).filter(z -> before.at(c).orElse(null) != z))
            .anyMatch(z -> z.flatMap(Catalog::of).isPresent());
    if (listed) {
      catalogChanged();
    }
    if (listening) {
      tell(before, after);
    }
  }

  private void tell(Zones before, Zones after) {
    notify.forEach(
        (origin, policy) -> {
          var zone = after.at(origin);
          boolean same =
              zone.isPresent()
                  && before.at(origin).map(b -> b.serial() == zone.get().serial()).orElse(false);
          if (zone.isPresent() && !same) {
            loop().offer(new TransferEvent.Published(zone.get(), policy.of(after, zone.get())));
          }
        });
  }
}
