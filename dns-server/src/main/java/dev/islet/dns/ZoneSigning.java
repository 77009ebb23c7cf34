package dev.islet.dns;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.service.Home;
import dev.islet.core.service.StartException;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.admin.DnsState;
import dev.islet.dns.dnssec.KeyStore;
import dev.islet.dns.dnssec.SignedStore;
import dev.islet.dns.dnssec.Signing;
import dev.islet.dns.dnssec.SigningPolicy;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.store.KeyFolder;
import dev.islet.dns.store.ZoneCopies;
import dev.islet.dns.transfer.Difference;
import dev.islet.dns.transfer.Secondary;
import dev.islet.dns.transport.ParentPort;
import dev.islet.dns.update.UpdateAction;
import dev.islet.dns.update.UpdateEvent;
import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/** The wiring of DNSSEC: every zone of ours passes here on its way to being published. */
final class ZoneSigning implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");

  /** How often the parent is asked while a key waits for it. */
  private static final Duration PARENT_PAUSE = Duration.ofMinutes(5);

  private final Signing signing;
  private final ZoneCopies copies;
  private volatile Map<Name, List<InetSocketAddress>> parents = Map.of();

  ZoneSigning(Optional<Home> home, TimeSource time, RandomGenerator random, Trace<DnsEvent> trace) {
    KeyStore store =
        home.<KeyStore>map(h -> new KeyFolder(h.data().resolve("keys").resolve("dnssec")))
            .orElseGet(KeyStore::inMemory);
    // Whatever chance a test hands in, nobody's keys are made of it.
    var secret = random instanceof SecureRandom secure ? secure : new SecureRandom();
    this.copies =
        new ZoneCopies(
            home.map(h -> h.data("dns").resolve("signed")),
            time,
            sync -> Thread.ofVirtual().name("dns-signed").start(sync));
    this.signing = new Signing(time, secret, store, kept(copies), event -> tell(event, trace));
  }

  private static SignedStore kept(ZoneCopies copies) {
    return new SignedStore() {
      @Override
      public Optional<Zone> load(Name zone) {
        return copies.load(zone).map(Secondary.Kept::zone);
      }

      @Override
      public void keep(Zone served, Optional<Zone> before) {
        copies.keep(served, before.map(b -> List.of(Difference.between(b, served))));
      }
    };
  }

  @Override
  public void close() {
    copies.close();
  }

  private static void tell(DnsEvent event, Trace<DnsEvent> trace) {
    if (event instanceof DnsEvent.KeyMoved || event instanceof DnsEvent.ZoneRefused) {
      LOG.log(Level.INFO, () -> "service=dns " + event.note());
    }
    trace.emit(event);
  }

  Signing signing() {
    return signing;
  }

  /**
   * Reads the keys of the zones to sign.
   *
   * @throws StartException which cannot be used
   */
  Signing.Prepared prepare(DnsConfig config) {
    var policies = new HashMap<Name, SigningPolicy>();
    config
        .zones()
        .forEach(
            (text, zone) ->
                zone.dnssec()
                    .ifPresent(d -> policies.put(DnsConfig.name("zones", text), d.policy())));
    try {
      return signing.prepare(policies);
    } catch (IOException e) {
      throw new StartException(
          "DNS-SIGN-001",
          "the keys of a signed zone cannot be read: " + e.getMessage(),
          "Mend the file, or move the zone's folder away to have new keys made",
          e);
    }
  }

  /**
   * Takes over what was prepared; on the thread that changes zones.
   *
   * @param config that it was prepared of
   */
  void adopt(DnsConfig config, Signing.Prepared prepared) {
    var servers = new HashMap<Name, List<InetSocketAddress>>();
    config
        .zones()
        .forEach(
            (text, zone) ->
                zone.dnssec()
                    .map(DnssecConfig::parent)
                    .filter(list -> !list.isEmpty())
                    .ifPresent(
                        list ->
                            servers.put(
                                DnsConfig.name("zones", text),
                                list.stream().map(Upstream::address).toList())));
    parents = Map.copyOf(servers);
    signing.adopt(prepared);
  }

  /** Asks parents of zones whose keys wait for them. */
  ParentPort watch(EngineLoop<UpdateEvent, UpdateAction> loop) {
    return new ParentPort(
        () -> parents.isEmpty() ? Map.of() : loop.ask(this::waiting),
        (zone, ds) ->
            loop.ask(
                () -> {
                  signing.parentSays(zone, ds);
                  return ds;
                }),
        PARENT_PAUSE);
  }

  private Map<Name, List<InetSocketAddress>> waiting() {
    var all = new HashMap<>(parents);
    all.keySet().retainAll(signing.waiting());
    return all;
  }

  /** All keys, for people; on the thread that changes zones. */
  List<DnsState.SigningKey> keys() {
    var all = new ArrayList<DnsState.SigningKey>();
    signing
        .keys()
        .forEach(
            (zone, keys) ->
                keys.forEach(
                    k ->
                        all.add(
                            new DnsState.SigningKey(
                                zone.toString(),
                                k.key().tag(),
                                k.key().algorithm(),
                                k.role().toString(),
                                k.phase().toString(),
                                k.since(),
                                k.named().isPresent(),
                                k.ds()))));
    return all;
  }

  List<Zone> serve(List<Zone> unsigned) {
    return unsigned.stream().map(signing::serve).toList();
  }
}
