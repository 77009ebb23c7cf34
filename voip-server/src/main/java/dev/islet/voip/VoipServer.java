package dev.islet.voip;

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
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.time.TimeSource;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.core.trace.Trace;
import dev.islet.voip.admin.VoipMetrics;
import dev.islet.voip.admin.VoipState;
import dev.islet.voip.exchange.Exchange;
import dev.islet.voip.exchange.ExchangeAction;
import dev.islet.voip.exchange.ExchangeEvent;
import dev.islet.voip.media.Relay;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.store.BindingJournal;
import dev.islet.voip.store.CallRecords;
import dev.islet.voip.transport.media.UdpRelay;
import dev.islet.voip.transport.sip.Connections;
import dev.islet.voip.transport.sip.Intake;
import dev.islet.voip.transport.sip.SipCodec;
import dev.islet.voip.transport.sip.SipProbe;
import dev.islet.voip.transport.sip.StreamEdge;
import dev.islet.voip.transport.sip.Switchboard;
import dev.islet.voip.transport.sip.UdpEdge;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A SIP registrar with calls between its extensions, media relayed and measured.
 *
 * <pre>{@code
 * try (var voip = VoipServer.create(c -> c.listen("192.168.7.1", 5060)
 *     .extension("100", password100).extension("101", password101))) {
 *   voip.start().awaitStop();
 * }
 * }</pre>
 */
public final class VoipServer implements Service {
  private static final Logger LOG = System.getLogger("islet.voip");
  private static final int QUEUE = 16_384;

  private final Lifecycle lifecycle = new Lifecycle("voip");
  private final TimeSource time = TimeSource.system();
  private final Trace<VoipEvent> trace = new Trace<>("voip", time);
  private final VoipMetrics metrics = new VoipMetrics(new Metrics("voip"));
  private final Optional<ConfigFile<VoipConfig>> file;
  private final Home home;
  private final @Nullable TemporaryHome temporary;
  private final Optional<Function<? super IncomingCall, ? extends Routing>> onCall;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private volatile VoipConfig config;
  private volatile @Nullable Running running;

  /** What is there while it runs. */
  private record Running(
      Exchange exchange,
      EngineLoop<ExchangeEvent, ExchangeAction> loop,
      Hands hands,
      Relay relay,
      CallRecords records,
      Connections connections,
      InetSocketAddress udp,
      Optional<TlsIdentity> identity) {}

  private VoipServer(
      VoipConfig config,
      Optional<ConfigFile<VoipConfig>> file,
      Home home,
      @Nullable TemporaryHome temporary,
      Optional<Function<? super IncomingCall, ? extends Routing>> onCall) {
    this.config = config;
    this.file = file;
    this.home = home;
    this.temporary = temporary;
    this.onCall = onCall;
  }

  /**
   * A server for a program that embeds it; nothing is opened before {@link #start()}.
   *
   * @throws IllegalArgumentException if values do not fit together
   */
  public static VoipServer create(Consumer<Setup> setup) {
    var given = new Setup();
    setup.accept(given);
    var config = given.config();
    var temporary = given.data().isPresent() ? null : TemporaryHome.make();
    var data = given.data().orElseGet(() -> java.util.Objects.requireNonNull(temporary).folder());
    var home = new Home(data, data.resolve("logs"));
    var server = new VoipServer(config, Optional.empty(), home, temporary, given.onCall());
    given.onTrace().ifPresent(server::hear);
    return server;
  }

  /**
   * A server as its configuration file says.
   *
   * @throws ConfigException every fault of the file
   */
  public static VoipServer create(ConfigFile<VoipConfig> file, Home home) {
    return new VoipServer(file.read(), Optional.of(file), home, null, Optional.empty());
  }

  private void hear(Consumer<? super VoipEvent> listener) {
    lifecycle.hold(trace.listen(record -> listener.accept((VoipEvent) record.event())));
  }

  @Override
  public String name() {
    return "voip";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public VoipServer start() {
    lifecycle.start(this::open);
    return this;
  }

  private void open() throws IOException {
    var now = config;
    var data = home.data("voip");
    var accounts = Secrets.accounts(now, data);
    var journal = lifecycle.hold(BindingJournal.open(data.resolve("registrations.journal")));
    var records = lifecycle.hold(CallRecords.open(data, home.logs("voip")));
    var random = new SecureRandom();
    var relay = lifecycle.hold(UdpRelay.start(Plan.relay(now), time, random));
    var exchange =
        new Exchange(
            time.now(),
            Plan.exchange(now, onCall.isPresent()),
            accounts,
            Secrets.nonceKey(data),
            random,
            relay,
            journal.bindings(),
            silence -> offer(new ExchangeEvent.Silent(silence.callId())));
    var hands = new Hands(journal, metrics, trace, records::add, this::route);
    var loop =
        lifecycle.hold(
            EngineLoop.start("sip-exchange", exchange, time, hands, (at, event) -> {}, QUEUE));
    var intake =
        new Intake(
            new SipCodec(now.limits().headers()),
            loop::offer,
            trace,
            new Intake.Counts(metrics::received, metrics::malformed, metrics::overflowed));
    var connections = lifecycle.hold(new Connections(Plan.streams(now), intake));
    var identity = identity(now);
    var edges = new ArrayList<UdpEdge>();
    for (var address : now.listen().udp()) {
      edges.add(
          bound("udp", address, () -> UdpEdge.open(address, now.limits().messageBytes(), intake)));
    }
    for (var address : now.listen().tcp()) {
      var edge = bound("tcp", address, () -> StreamEdge.open(address, null, connections));
      endpoints.add(new Endpoint("sip/tcp", edge.local()));
    }
    for (var address : now.listen().tls()) {
      var edge =
          bound(
              "tcp", address, () -> StreamEdge.open(address, identity.orElseThrow(), connections));
      endpoints.add(new Endpoint("sip/tls", edge.local()));
    }
    edges.forEach(e -> endpoints.add(new Endpoint("sip/udp", e.local())));
    hands.connect(new Switchboard(edges, connections, intake));
    running =
        new Running(
            exchange, loop, hands, relay, records, connections, edges.getFirst().local(), identity);
    metrics.watch(() -> loop.ask(exchange::load), connections::size, relay);
    metrics.quality(() -> loop.ask(exchange::calls));
    now.admin()
        .ifPresent(
            admin -> {
              var server = lifecycle.hold(AdminServer.start(admin, home, new View()));
              endpoints.add(new Endpoint("admin/http", server.address()));
            });
  }

  private interface Opening<T> {
    T open() throws IOException;
  }

  private <T extends AutoCloseable> T bound(
      String protocol, InetSocketAddress address, Opening<T> opening) {
    try {
      return lifecycle.hold(opening.open());
    } catch (IOException e) {
      throw StartException.bind(protocol, address, e);
    }
  }

  private Optional<TlsIdentity> identity(VoipConfig now) {
    if (now.listen().tls().isEmpty()) {
      return Optional.empty();
    }
    try {
      if (now.tls().isPresent()) {
        return Optional.of(TlsIdentity.pem(now.tls().get().certificate(), now.tls().get().key()));
      }
      var names = new ArrayList<>(List.of(now.domain(), "sip." + now.domain()));
      for (var address : now.listen().tls()) {
        if (!address.getAddress().isAnyLocalAddress()) {
          names.add(address.getAddress().getHostAddress());
        }
      }
      return Optional.of(TlsIdentity.selfSigned(home.data("voip").resolve("tls"), names));
    } catch (IOException e) {
      throw new StartException(
          "VOIP-TLS-001",
          "the TLS identity cannot be loaded: " + e.getMessage(),
          "Correct tls.certificate and tls.key, or make the data folder writable",
          e);
    }
  }

  private void offer(ExchangeEvent event) {
    var now = running;
    if (now != null && !now.loop().offer(event)) {
      metrics.overflowed();
    }
  }

  /** Asks the embedder on a thread of its own: it may look things up. */
  private void route(ExchangeAction.AskRouting ask) {
    Thread.ofVirtual()
        .name("sip-routing")
        .start(
            () -> {
              Routing answer;
              try {
                answer = onCall.orElseThrow().apply(ask.call());
              } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "routing failed call=" + ask.call().callId(), e);
                answer = new Routing.Reject(500);
              }
              offer(new ExchangeEvent.Routed(ask.id(), answer));
            });
  }

  @Override
  public List<Endpoint> endpoints() {
    return state() == State.RUNNING ? List.copyOf(endpoints) : List.of();
  }

  @Override
  public synchronized Reload reload() {
    var now = running;
    if (file.isEmpty() || now == null || state() != State.RUNNING) {
      return new Reload.Refused("there is no configuration file, or the server does not run");
    }
    try {
      var fresh = file.get().read();
      var different = Changes.between(config, fresh);
      var accounts = Secrets.accounts(fresh, home.data("voip"));
      if (now.identity().isPresent()) {
        now.identity().get().reload();
      }
      var applied = different.stream().filter(k -> k.equals("extensions")).toList();
      var later = different.stream().filter(k -> !k.equals("extensions")).toList();
      if (!later.isEmpty() && !fresh.domain().equals(config.domain())) {
        return new Reload.Refused("domain: every password hash depends on it; restart instead");
      }
      if (!now.loop().offer(new ExchangeEvent.Accounts(accounts))) {
        return new Reload.Refused("the exchange has too much to do; try again");
      }
      config = fresh;
      return new Reload.Applied(applied, later);
    } catch (ConfigException | IOException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void awaitStop() throws InterruptedException {
    lifecycle.awaitStop();
  }

  @Override
  public void close() {
    var now = running;
    if (now != null && state() == State.RUNNING) {
      sayGoodbye(now);
    }
    lifecycle.close();
    if (temporary != null) {
      temporary.delete();
    }
  }

  /** Phones are told that their calls end, while the sockets are still open. */
  private static void sayGoodbye(Running now) {
    try {
      now.loop().offer(new ExchangeEvent.Closing());
      now.loop()
          .ask(
              () -> {
                now.hands().flush();
                return true;
              });
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "the exchange has already ended", e);
    }
  }

  /** What the admin endpoint shows. */
  private final class View implements AdminView {
    @Override
    public String name() {
      return VoipServer.this.name();
    }

    @Override
    public State state() {
      return VoipServer.this.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return VoipServer.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      var now = running;
      if (now == null) {
        return Optional.of("it does not run");
      }
      return now.hands().fault().or(() -> SipProbe.ask(now.udp(), config.domain()));
    }

    @Override
    public Object snapshot() {
      var now = running;
      if (now == null) {
        return java.util.Map.of();
      }
      long at = time.now();
      return now.loop()
          .ask(
              () ->
                  new VoipState(
                      config.domain(),
                      config.extensions().size(),
                      now.exchange().bindings().stream()
                          .limit(VoipState.LISTED)
                          .map(b -> VoipState.Registration.of(b, at))
                          .toList(),
                      now.exchange().calls().stream().limit(VoipState.LISTED).toList(),
                      now.exchange().load(),
                      now.relay().room(),
                      now.relay().counts(),
                      now.connections().size(),
                      now.records().recent().stream()
                          .limit(VoipState.FINISHED)
                          .map(n -> n.call())
                          .toList()));
    }

    @Override
    public Reload reload() {
      return VoipServer.this.reload();
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

  /** Folder of the configuration's data, for programs that look into it. */
  Path data() {
    return home.data("voip");
  }
}
