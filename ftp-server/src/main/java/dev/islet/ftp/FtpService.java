package dev.islet.ftp;

import dev.islet.core.admin.AdminServer;
import dev.islet.core.admin.AdminView;
import dev.islet.core.config.Changes;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.service.Reload;
import dev.islet.core.service.Service;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.core.trace.Trace;
import dev.islet.ftp.account.Verifier;
import dev.islet.ftp.admin.FtpMetrics;
import dev.islet.ftp.admin.Greeting;
import dev.islet.ftp.dialog.Policy;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.TlsMode;
import dev.islet.ftp.model.Transfer;
import dev.islet.ftp.store.TransferLog;
import dev.islet.ftp.transport.ControlStack;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * FTP and FTPS (RFC 959, 2228, 2389, 2428, 3659, 4217) behind accounts and homes of our own.
 *
 * <pre>{@code
 * try (var ftp = FtpService.create(c -> c
 *     .listen("127.0.0.1", 0)
 *     .user("camera", password, Path.of("/srv/camera"), WRITE))) {
 *   ftp.start().awaitStop();
 * }
 * }</pre>
 */
public final class FtpService implements Service {
  private static final System.Logger LOG = System.getLogger("islet.ftp");

  private final Lifecycle lifecycle = new Lifecycle("ftp");
  private final Setup setup;
  private final @Nullable ConfigFile<FtpConfig> file;
  private final Trace<FtpEvent> trace;
  private final FtpMetrics metrics = new FtpMetrics(() -> sessions().size());
  private final Verifier verifier;
  private volatile FtpConfig config;
  private volatile @Nullable People people;
  private volatile @Nullable ControlStack stack;
  private volatile @Nullable TransferLog transferLog;
  private volatile @Nullable TlsIdentity identity;

  private FtpService(Setup setup, FtpConfig config, @Nullable ConfigFile<FtpConfig> file) {
    this.setup = setup;
    this.config = config;
    this.file = file;
    this.trace = new Trace<>("ftp", setup.time);
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.verifier = new Verifier(new SecureRandom(), setup.time, half);
  }

  /**
   * A service set up by code.
   *
   * @throws IllegalArgumentException what does not fit
   */
  public static FtpService create(Consumer<Setup> change) {
    var setup = new Setup();
    change.accept(setup);
    return new FtpService(setup, setup.config(), null);
  }

  /**
   * A service set up by a file, which is read now.
   *
   * @throws ConfigException every fault in it
   */
  public static FtpService create(ConfigFile<FtpConfig> file, Home home) {
    var setup = new Setup();
    setup.home = home;
    return new FtpService(setup, file.read(), file);
  }

  @Override
  public String name() {
    return "ftp";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public FtpService start() {
    lifecycle.start(
        () -> {
          for (var tracer : setup.tracers) {
            lifecycle.hold(trace.listen(record -> tracer.accept((FtpEvent) record.event())));
          }
          var home = setup.home != null ? setup.home : lifecycle.hold(TemporaryHome.make()).home();
          people = People.from(config, setup, home);
          if (config.log()) {
            transferLog = openLog(home);
          }
          stack =
              lifecycle.hold(
                  ControlStack.start(doors(config), this::policy, tls(home), settings(config)));
          var disk = people().disk();
          if (disk != null) {
            lifecycle.hold(new Sweeper(disk, setup.time, () -> config.uploads().keepUnfinished()));
          }
          if (config.admin().isPresent()) {
            lifecycle.hold(AdminServer.start(config.admin().get(), home, new View()));
          }
        });
    for (var endpoint : endpoints()) {
      LOG.log(Level.INFO, "service=ftp listening={0}", endpoint);
    }
    return this;
  }

  private TransferLog openLog(Home home) {
    try {
      return lifecycle.hold(TransferLog.open(home.logs("ftp")));
    } catch (IOException e) {
      throw new StartException(
          "FTP-LOG-001",
          "cannot write the transfer log in " + home.logs("ftp") + ": " + e.getMessage(),
          "Make the folder writable, give another with --logs, or set log to false",
          e);
    }
  }

  private SSLContext tls(Home home) throws GeneralSecurityException {
    if (config.tls().mode().equals(Optional.of(TlsMode.OFF))) {
      return SSLContext.getInstance("TLS");
    }
    try {
      var tls = config.tls();
      var own =
          tls.certificate().isPresent() && tls.key().isPresent()
              ? TlsIdentity.pem(tls.certificate().get(), tls.key().get())
              : TlsIdentity.selfSigned(home.data("ftp").resolve("tls"), tls.names());
      identity = own;
      LOG.log(Level.INFO, "service=ftp certificate-sha256={0}", own.fingerprint());
      return own.context();
    } catch (IOException e) {
      throw new StartException(
          "FTP-TLS-001",
          "the certificate cannot be used: " + e.getMessage(),
          "Correct the files named by tls.certificate and tls.key, or make the data folder writable",
          e);
    }
  }

  private static List<ControlStack.Door> doors(FtpConfig config) {
    var doors = new ArrayList<ControlStack.Door>();
    for (var address : config.listen()) {
      doors.add(new ControlStack.Door(address, false, mode(config, address)));
    }
    for (var address : config.implicit()) {
      doors.add(new ControlStack.Door(address, true, TlsMode.REQUIRED));
    }
    return doors;
  }

  /** Passwords do not cross a network in the clear unless somebody asked for it. */
  private static TlsMode mode(FtpConfig config, InetSocketAddress address) {
    return config
        .tls()
        .mode()
        .orElse(address.getAddress().isLoopbackAddress() ? TlsMode.OPTIONAL : TlsMode.REQUIRED);
  }

  private static ControlStack.Settings settings(FtpConfig config) {
    var limits = config.limits();
    return new ControlStack.Settings(
        config.passive().ports().first(),
        config.passive().ports().last(),
        config.passive().address(),
        limits.line(),
        limits.idle(),
        limits.connect(),
        limits.connections(),
        limits.perAddress());
  }

  private Policy policy(TlsMode mode) {
    var now = people();
    return new Policy(
        now.accounts(),
        verifier,
        now.backOff(),
        now.views(),
        mode,
        config.limits().tries(),
        config.greeting(),
        setup.time,
        this::tell,
        this::tell);
  }

  private People people() {
    var now = people;
    if (now == null) {
      throw new IllegalStateException("the service has not started");
    }
    return now;
  }

  private void tell(FtpEvent event) {
    metrics.count(event);
    trace.emit(event);
  }

  private void tell(Transfer transfer) {
    metrics.count(transfer);
    var log = transferLog;
    if (log != null) {
      log.add(transfer);
    }
  }

  private List<ControlStack.Session> sessions() {
    var running = stack;
    return running == null ? List.of() : running.sessions();
  }

  @Override
  public List<Endpoint> endpoints() {
    var running = stack;
    return running == null
        ? List.of()
        : running.doors().stream()
            .map(door -> new Endpoint(door.implicit() ? "ftps/tcp" : "ftp/tcp", door.address()))
            .toList();
  }

  /** The SHA-256 of the certificate in force; empty before the start, or without TLS. */
  public Optional<String> fingerprint() {
    return Optional.ofNullable(identity).map(TlsIdentity::fingerprint);
  }

  @Override
  public synchronized Reload reload() {
    var running = stack;
    if (file == null || running == null || state() != State.RUNNING) {
      return new Reload.Refused(
          file == null ? "the service was set up by code" : "the service is not running");
    }
    try {
      var fresh = file.read();
      var changed = new ArrayList<>(Changes.between(config, fresh));
      var restart = changed.stream().filter(FtpService::needsRestart).toList();
      changed.removeAll(restart);
      var before = people();
      var after = before.with(config, fresh, setup);
      var own = identity;
      if (own != null && own.reload()) {
        changed.add("tls (the certificate)");
      }
      people = after;
      running.apply(settings(fresh));
      config = fresh;
      running.end(peer -> !peer.user().isEmpty() && !after.same(before, peer.user()));
      return new Reload.Applied(changed, restart);
    } catch (ConfigException | StartException | IOException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
  }

  private static boolean needsRestart(String key) {
    return key.equals("listen")
        || key.equals("implicit")
        || key.equals("log")
        || key.startsWith("tls")
        || key.startsWith("admin")
        || key.equals("uploads.durable");
  }

  @Override
  public void awaitStop() throws InterruptedException {
    lifecycle.awaitStop();
  }

  @Override
  public void close() {
    lifecycle.close();
  }

  /** What the admin endpoint shows. */
  private final class View implements AdminView {
    @Override
    public String name() {
      return "ftp";
    }

    @Override
    public State state() {
      return lifecycle.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return FtpService.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      return FtpService.this.endpoints().stream()
          .map(e -> Greeting.missing(e.address(), e.protocol().startsWith("ftps")))
          .flatMap(Optional::stream)
          .findFirst();
    }

    @Override
    public Object snapshot() {
      var sessions = new ArrayList<Map<String, Object>>();
      for (var session : FtpService.this.sessions()) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("session", session.peer().session());
        shown.put("user", session.peer().user());
        shown.put("address", session.peer().remote());
        shown.put("tls", session.peer().tls() ? session.protocol() : "");
        shown.put("command", session.command());
        shown.put("transfer", session.transfer());
        shown.put("bytes", session.bytes());
        sessions.add(shown);
      }
      return Map.of(
          "sessions", sessions, "users", people().names(), "certificate", fingerprint().orElse(""));
    }

    @Override
    public Reload reload() {
      return FtpService.this.reload();
    }

    @Override
    public Optional<Object> annotate(byte[] message) {
      return Optional.of(dev.islet.ftp.wire.Explain.explain(message));
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
