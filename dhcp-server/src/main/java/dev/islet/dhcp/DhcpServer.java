package dev.islet.dhcp;

import dev.islet.core.admin.AdminServer;
import dev.islet.core.admin.AdminView;
import dev.islet.core.config.Changes;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.engine.EngineLoop;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.service.Reload;
import dev.islet.core.service.Service;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.dhcp.admin.DhcpMetrics;
import dev.islet.dhcp.admin.LeaseView;
import dev.islet.dhcp.admin.SubnetView;
import dev.islet.dhcp.lease.Action;
import dev.islet.dhcp.lease.Input;
import dev.islet.dhcp.lease.LeaseClock;
import dev.islet.dhcp.lease.LeaseEngine;
import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.lease.LeaseStore;
import dev.islet.dhcp.lease.Policy;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.HostNames;
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
import org.jspecify.annotations.Nullable;

/**
 * A DHCPv4 server (RFC 2131): gives addresses to the machines of a network, and keeps every promise
 * over a power cut.
 *
 * <pre>{@code
 * try (var dhcp = DhcpServer.create(c -> c.nic("eth0").leases(Path.of("leases.log"))
 *     .subnet("192.168.7.0/24", s -> s.pool("192.168.7.100", "192.168.7.200")))) {
 *   dhcp.start().awaitStop();
 * }
 * }</pre>
 */
public final class DhcpServer implements Service {
  private static final int WAITING = 8_192;
  private static final Duration MARK = Duration.ofMinutes(15);

  private final Lifecycle lifecycle = new Lifecycle("dhcp");
  private final DhcpMetrics metrics = new DhcpMetrics();
  private final Setup setup;
  private final Optional<ConfigFile<DhcpConfig>> file;
  private final Optional<Home> home;
  private final Optional<Path> leaseFile;
  private final Trace<DhcpTrace> trace;
  private final Map<String, LinkSocket> links = new LinkedHashMap<>();
  private volatile DhcpConfig config;
  private volatile @Nullable Running running;

  /** What exists between start and close. */
  private record Running(
      EngineLoop<Input, Action> loop,
      LeaseEngine engine,
      LeaseClock clock,
      Optional<AdminServer> admin) {}

  private DhcpServer(
      Setup setup,
      DhcpConfig config,
      Optional<ConfigFile<DhcpConfig>> file,
      Optional<Home> home,
      Optional<Path> leaseFile) {
    this.setup = setup;
    this.config = config;
    this.file = file;
    this.home = home;
    this.leaseFile = leaseFile;
    this.trace = new Trace<>("dhcp", setup.time());
  }

  /** A server for a program. Leases are kept only if it names a file. */
  public static DhcpServer create(Consumer<Setup> setup) {
    var wanted = new Setup();
    setup.accept(wanted);
    return new DhcpServer(
        wanted, wanted.config(), Optional.empty(), wanted.home(), wanted.leases());
  }

  /**
   * A server from a file. Leases are kept in {@code dhcp/leases.journal} of the data folder.
   *
   * @throws ConfigException every fault of the file, with line and column
   */
  public static DhcpServer create(ConfigFile<DhcpConfig> file, Home home) {
    return new DhcpServer(
        new Setup(),
        file.read(),
        Optional.of(file),
        Optional.of(home),
        Optional.of(home.data("dhcp").resolve("leases.journal")));
  }

  @Override
  public String name() {
    return "dhcp";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public DhcpServer start() {
    lifecycle.start(this::open);
    return this;
  }

  @Override
  public void awaitStop() throws InterruptedException {
    lifecycle.awaitStop();
  }

  @Override
  public void close() {
    lifecycle.close();
  }

  @Override
  public List<Endpoint> endpoints() {
    var endpoints = new ArrayList<Endpoint>();
    var now = running;
    if (now != null) {
      links.values().forEach(l -> endpoints.add(new Endpoint("dhcp/udp", l.local())));
      now.admin().ifPresent(a -> endpoints.add(new Endpoint("admin/http", a.address())));
    }
    return endpoints;
  }

  /** Events that ended in an exception of the engine: always zero, or there is a fault to mend. */
  long failures() {
    var now = running;
    return now == null ? 0 : now.loop().failures();
  }

  private void open() throws IOException {
    setup
        .events()
        .forEach(
            listener ->
                lifecycle.hold(
                    trace.listen(
                        record -> {
                          if (record.event() instanceof DhcpEvent event) {
                            listener.accept(event);
                          }
                        })));
    setup
        .steps()
        .forEach(
            listener ->
                lifecycle.hold(
                    trace.listen(
                        record -> {
                          if (record.event() instanceof DhcpTrace event) {
                            listener.accept(event);
                          }
                        })));
    var engine = new LeaseEngine(policy(config), config.plan());
    var floor = new long[] {Long.MIN_VALUE};
    var store =
        lifecycle.hold(
            openStore(
                record -> {
                  floor[0] = Math.max(floor[0], record.at());
                  engine.restore(record);
                }));
    var clock = new LeaseClock(setup.time(), floor[0]);
    for (var nic : config.interfaces()) {
      links.put(nic, lifecycle.hold(LinkSocket.onNic(nic)));
    }
    if (config.listen().isPresent()) {
      var plain = lifecycle.hold(LinkSocket.plain(config.listen().get()));
      links.put(plain.link().name(), plain);
    }
    var names = config.dns().map(d -> lifecycle.hold(registrar(d)));
    var outlet =
        new DhcpOutlet(
            store,
            () -> engine.records(clock.now()),
            links,
            names,
            trace,
            metrics,
            engine::notStored);
    names.ifPresent(
        n -> {
          engine.names().forEach(n::keep);
          engine.lapsedNames().forEach(n::drop);
        });
    var loop =
        lifecycle.hold(
            EngineLoop.start("dhcp-engine", engine, clock, outlet, (now, event) -> {}, WAITING));
    watch(loop, engine, store, names);
    running = new Running(loop, engine, clock, Optional.empty());
    links.values().forEach(l -> l.listen(inbox(loop)));
    if (config.admin().isPresent() && home.isPresent()) {
      var admin = AdminServer.start(config.admin().get(), home.get(), new View());
      running = new Running(loop, engine, clock, Optional.of(lifecycle.hold(admin)));
    }
  }

  private static Policy policy(DhcpConfig config) {
    return new Policy(
        config.authoritative(),
        config.offerHold(),
        config.declineRest(),
        MARK,
        config.dns().map(NamesConfig::zone),
        new HostNames(config.dns().map(NamesConfig::reserved).orElse(List.of())));
  }

  private LeaseStore openStore(Consumer<LeaseRecord> replay) {
    if (leaseFile.isEmpty()) {
      return LeaseStore.none();
    }
    try {
      return LeaseJournal.open(leaseFile.get(), replay);
    } catch (IOException e) {
      throw new StartException(
          "DHCP-LEASES-001",
          "cannot use the lease file " + leaseFile.get() + ": " + e,
          "Make its folder writable, or give another with --data",
          e);
    }
  }

  private NameRegistrar registrar(NamesConfig dns) {
    String secret;
    try {
      var shared = home.map(h -> h.data().resolve("keys").resolve("dhcp-dns.tsig"));
      secret =
          dns.secret().isPresent() || shared.isEmpty()
              ? dns.secret().orElse("")
              : SharedSecret.of(shared.get());
    } catch (IOException e) {
      throw new StartException(
          "DHCP-NAMES-001",
          "cannot keep the key for DNS updates: " + e,
          "Make the data folder writable, or write the key into dns.secret",
          e);
    }
    try {
      return new NameRegistrar(
          new NameRegistrar.Settings(
              dns.server(),
              dns.zone(),
              dns.reverseZone().isEmpty() ? reverseZones() : dns.reverseZone(),
              dns.key(),
              secret,
              dns.ttl()),
          setup.time(),
          (event, outcome) -> {
            metrics.count(outcome);
            trace.emit(event);
          });
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "DHCP-NAMES-002",
          "the key for DNS updates is neither 64 hexadecimal digits nor base64",
          "Correct dns.secret, or delete keys/dhcp-dns.tsig to get a fresh one",
          e);
    }
  }

  /** One zone a subnet, at the byte boundary at or above its length. */
  private List<String> reverseZones() {
    return config.subnets().stream()
        .map(
            s -> {
              var bytes = s.subnet().address().getAddress();
              var zone = new StringBuilder();
              for (int i = s.subnet().length() / 8 - 1; i >= 0; i--) {
                zone.append(bytes[i] & 255).append('.');
              }
              return zone.append("in-addr.arpa").toString();
            })
        .distinct()
        .toList();
  }

  private void watch(
      EngineLoop<Input, Action> loop,
      LeaseEngine engine,
      LeaseStore store,
      Optional<NameRegistrar> names) {
    metrics.watch(
        () -> loop.ask(() -> engine.usage().stream().mapToLong(LeaseEngine.Usage::bound).sum()),
        () -> loop.ask(() -> engine.usage().stream().mapToLong(LeaseEngine.Usage::free).sum()),
        () -> store instanceof LeaseJournal journal ? journal.size() : 0,
        () -> store instanceof LeaseJournal journal ? journal.written() : 0,
        () -> names.map(NameRegistrar::pending).orElse(0));
  }

  /** What comes in is read on the receiver's thread, so that the engine sees messages only. */
  private LinkSocket.Inbox inbox(EngineLoop<Input, Action> loop) {
    return (link, payload, from, to) -> {
      var packet = new Packet(Packet.Transport.UDP, from, to, payload);
      switch (Decoder.decode(payload)) {
        case Decoded.Malformed(var offset, var reason) -> {
          metrics.count(Outcome.MALFORMED);
          if (trace.on()) {
            trace.emit(new DhcpTrace.Malformed(offset, reason, packet));
          }
        }
        case Decoded.Ok(var message) -> {
          var type = message.options().type();
          type.ifPresent(metrics::received);
          if (trace.on() && type.isPresent()) {
            trace.emit(new DhcpTrace.Received(type.get(), message.hardware(), link.name(), packet));
          }
          if (!loop.offer(arrived(message, link, from, to))) {
            metrics.count(Outcome.OVERLOAD);
          }
        }
      }
    };
  }

  private static Input.Arrived arrived(
      Message message, Link link, InetSocketAddress from, InetSocketAddress to) {
    boolean unicast = link.addresses().contains(Ip4.of(to.getAddress()));
    return new Input.Arrived(message, link, Ip4.of(from.getAddress()), from.getPort(), unicast);
  }

  @Override
  public Reload reload() {
    var now = running;
    if (file.isEmpty() || now == null) {
      return new Reload.Refused(
          file.isEmpty() ? "this server was set up in code" : "the server does not run");
    }
    DhcpConfig fresh;
    try {
      fresh = file.get().read();
    } catch (ConfigException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
    var before = config;
    var changes = Changes.between(before, fresh);
    var restart = changes.stream().filter(DhcpServer::needsRestart).toList();
    // What is bound stays as it is; everything else is taken over between two messages.
    var applied =
        new DhcpConfig(
            before.interfaces(),
            before.listen(),
            fresh.authoritative(),
            fresh.offerHold(),
            fresh.declineRest(),
            fresh.subnets(),
            before.dns(),
            before.admin());
    var subnets = applied.plan();
    now.loop()
        .ask(
            () -> {
              now.engine().reconfigure(now.clock().now(), policy(applied), subnets);
              return true;
            });
    config = applied;
    return new Reload.Applied(changes.stream().filter(c -> !needsRestart(c)).toList(), restart);
  }

  private static boolean needsRestart(String key) {
    return key.equals("interfaces")
        || key.startsWith("listen")
        || key.startsWith("dns")
        || key.startsWith("admin");
  }

  /** What the admin endpoint shows. */
  private final class View implements AdminView {
    @Override
    public String name() {
      return DhcpServer.this.name();
    }

    @Override
    public State state() {
      return DhcpServer.this.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return DhcpServer.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      for (var link : links.values()) {
        if (!link.listening()) {
          return Optional.of("the receiver of " + link.link().name() + " has ended");
        }
      }
      var now = running;
      if (now == null) {
        return Optional.of("not started");
      }
      var plain = links.values().stream().filter(l -> l.link().plain()).findFirst();
      var subnet = now.loop().ask(now.engine()::usage).stream().findFirst();
      return plain.isEmpty() || subnet.isEmpty()
          ? Optional.empty()
          : SelfQuestion.ask(plain.get().local(), subnet.get().subnet());
    }

    @Override
    public Object snapshot() {
      var now = running;
      if (now == null) {
        return Map.of();
      }
      var state = new LinkedHashMap<String, Object>();
      state.put("interfaces", links.values().stream().map(LinkSocket::link).toList());
      now.loop()
          .ask(
              () -> {
                state.put("subnets", now.engine().usage().stream().map(SubnetView::of).toList());
                state.put(
                    "leases",
                    now.engine().leases(now.clock().now()).stream()
                        .map(r -> LeaseView.of(r, now.clock()))
                        .toList());
                return true;
              });
      return state;
    }

    @Override
    public Reload reload() {
      return DhcpServer.this.reload();
    }

    @Override
    public Trace<?> trace() {
      return trace;
    }

    @Override
    public Metrics metrics() {
      return metrics.metrics();
    }
  }
}
