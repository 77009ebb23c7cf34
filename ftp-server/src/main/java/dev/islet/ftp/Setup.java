package dev.islet.ftp;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.service.Home;
import dev.islet.core.time.TimeSource;
import dev.islet.ftp.account.Accounts;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.Right;
import dev.islet.ftp.model.TlsMode;
import dev.islet.ftp.view.FileViews;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a program says about the FTP service it embeds; fills the same records as a file. Without a
 * {@link #home}, state lives in a temporary folder that goes with the service, and no transfer log
 * is written.
 */
public final class Setup {
  private final FtpConfig defaults = defaults();
  private final List<InetSocketAddress> listen = new ArrayList<>();
  private final List<InetSocketAddress> implicit = new ArrayList<>();
  private final List<FtpConfig.User> users = new ArrayList<>();
  private FtpConfig.Tls tls = defaults.tls();
  private FtpConfig.Passive passive = defaults.passive();
  private FtpConfig.Limits limits = defaults.limits();
  private FtpConfig.Uploads uploads = defaults.uploads();
  private String greeting = defaults.greeting();
  private Optional<AdminConfig> admin = Optional.empty();
  @Nullable Home home;
  @Nullable Accounts accounts;
  @Nullable FileViews views;
  TimeSource time = TimeSource.system();
  final List<Consumer<? super FtpEvent>> tracers = new ArrayList<>();

  Setup() {}

  private static FtpConfig defaults() {
    return ConfigFile.parse(
        "listen: 127.0.0.1:0", Path.of("setup.yaml"), FtpConfig.class, java.util.Map.of());
  }

  /** Speaks FTP there; port 0 takes any free one. */
  public Setup listen(String host, int port) {
    listen.add(new InetSocketAddress(HostPort.address(host), port));
    return this;
  }

  /** Speaks implicit FTPS there. */
  public Setup implicit(String host, int port) {
    implicit.add(new InetSocketAddress(HostPort.address(host), port));
    return this;
  }

  /** The range of passive ports; 0 and 0 for any free one. */
  public Setup passivePorts(int first, int last) {
    passive = new FtpConfig.Passive(new FtpConfig.PortRange(first, last), passive.address());
    return this;
  }

  /** The address told to clients instead of our own, for networks with address translation. */
  public Setup passiveAddress(InetAddress address) {
    passive = new FtpConfig.Passive(passive.ports(), Optional.of(address));
    return this;
  }

  /**
   * Lets somebody in.
   *
   * @param password not null and not empty; where it comes from the environment, check that first
   * @param folder made if it is not there
   * @param rights {@link Right#WRITE} for everything, {@link Right#READ} for looking and fetching
   */
  public Setup user(String name, @Nullable String password, Path folder, Right... rights) {
    if (password == null) {
      throw new IllegalArgumentException("no password is given for " + name);
    }
    users.add(
        new FtpConfig.User(
            name,
            Optional.of(password),
            Optional.empty(),
            Optional.of(folder.toAbsolutePath()),
            List.of(rights)));
    return this;
  }

  /** As {@link #user}, with the text form of a password's hash. */
  public Setup userHashed(String name, String passwordHash, Path folder, Right... rights) {
    users.add(
        new FtpConfig.User(
            name,
            Optional.empty(),
            Optional.of(passwordHash),
            Optional.of(folder.toAbsolutePath()),
            List.of(rights)));
    return this;
  }

  /** Other accounts than those given by {@link #user}; needs {@link #views} too. */
  public Setup accounts(Accounts other) {
    accounts = other;
    return this;
  }

  /** Other homes than folders on disk. */
  public Setup views(FileViews other) {
    views = other;
    return this;
  }

  /** Whether TLS is off, offered or required, at every address. */
  public Setup tls(TlsMode mode) {
    tls = new FtpConfig.Tls(Optional.of(mode), tls.certificate(), tls.key(), tls.names());
    return this;
  }

  /** The certificate to show, instead of one that is made. */
  public Setup certificate(Path chain, Path key) {
    tls = new FtpConfig.Tls(tls.mode(), Optional.of(chain), Optional.of(key), tls.names());
    return this;
  }

  /** Other bounds. */
  public Setup limits(UnaryOperator<FtpConfig.Limits> change) {
    limits = change.apply(limits);
    return this;
  }

  /** Whether a file is forced to the disk before the client is told that it is stored. */
  public Setup durable(boolean yes) {
    uploads = new FtpConfig.Uploads(yes, uploads.keepUnfinished());
    return this;
  }

  /** The text of the first reply. */
  public Setup greeting(String text) {
    greeting = text;
    return this;
  }

  /** Where state and logs are kept. */
  public Setup home(Home where) {
    home = where;
    return this;
  }

  /** Starts an admin endpoint too. */
  public Setup admin(AdminConfig config) {
    admin = Optional.of(config);
    return this;
  }

  /** Calls a function with every event, on a thread of its own. */
  public Setup onTrace(Consumer<? super FtpEvent> listener) {
    tracers.add(listener);
    return this;
  }

  /** The clocks to read; for tests. */
  public Setup time(TimeSource source) {
    time = source;
    return this;
  }

  FtpConfig config() {
    return new FtpConfig(
        listen, implicit, tls, passive, users, limits, uploads, greeting, home != null, admin);
  }
}
