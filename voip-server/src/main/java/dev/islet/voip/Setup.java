package dev.islet.voip;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.voip.VoipConfig.Extension;
import dev.islet.voip.VoipConfig.Listen;
import dev.islet.voip.VoipConfig.Rtp;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.VoipEvent;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a program that embeds the server says: the same values that stand in a {@code voip.yaml}.
 */
public final class Setup {
  private VoipConfig config = ConfigFile.defaults(VoipConfig.class);
  private final List<InetSocketAddress> udp = new ArrayList<>();
  private final List<InetSocketAddress> tcp = new ArrayList<>();
  private final List<InetSocketAddress> tls = new ArrayList<>();
  private final List<Extension> extensions = new ArrayList<>();
  private Optional<AdminConfig> admin = Optional.empty();
  private Optional<Path> data = Optional.empty();
  private Optional<Function<? super IncomingCall, ? extends Routing>> onCall = Optional.empty();
  private Optional<Consumer<? super VoipEvent>> onTrace = Optional.empty();

  Setup() {}

  /** Listens on UDP and TCP; port 0 takes any, not the same for both. */
  public Setup listen(String address, int port) {
    var at = new InetSocketAddress(HostPort.address(address), port);
    udp.add(at);
    tcp.add(at);
    return this;
  }

  /** Listens on TLS as well. */
  public Setup listenTls(String address, int port) {
    tls.add(new InetSocketAddress(HostPort.address(address), port));
    return this;
  }

  /** The domain of the extensions; {@code home.arpa} unless told. */
  public Setup domain(String domain) {
    return change(
        c ->
            new VoipConfig(
                c.listen(),
                domain,
                c.aliases(),
                c.extensions(),
                c.rtp(),
                c.registration(),
                c.auth(),
                c.calls(),
                c.limits(),
                c.tls(),
                c.admin()));
  }

  /** The UDP ports of media, both ends included; a call takes four. */
  public Setup rtpPorts(int first, int last) {
    return rtp(
        new Rtp(new PortRange(first, last), config.rtp().silence(), config.rtp().quarantine()));
  }

  /** Everything about the media relay. */
  public Setup rtp(Rtp rtp) {
    return change(
        c ->
            new VoipConfig(
                c.listen(),
                c.domain(),
                c.aliases(),
                c.extensions(),
                rtp,
                c.registration(),
                c.auth(),
                c.calls(),
                c.limits(),
                c.tls(),
                c.admin()));
  }

  /** How long phones are registered. */
  public Setup registration(VoipConfig.Registration registration) {
    return change(
        c ->
            new VoipConfig(
                c.listen(),
                c.domain(),
                c.aliases(),
                c.extensions(),
                c.rtp(),
                registration,
                c.auth(),
                c.calls(),
                c.limits(),
                c.tls(),
                c.admin()));
  }

  /** How phones prove who they are. */
  public Setup auth(VoipConfig.Auth auth) {
    return change(
        c ->
            new VoipConfig(
                c.listen(),
                c.domain(),
                c.aliases(),
                c.extensions(),
                c.rtp(),
                c.registration(),
                auth,
                c.calls(),
                c.limits(),
                c.tls(),
                c.admin()));
  }

  /** Limits of calls. */
  public Setup calls(VoipConfig.CallLimits calls) {
    return change(
        c ->
            new VoipConfig(
                c.listen(),
                c.domain(),
                c.aliases(),
                c.extensions(),
                c.rtp(),
                c.registration(),
                c.auth(),
                calls,
                c.limits(),
                c.tls(),
                c.admin()));
  }

  /** Limits of messages and connections. */
  public Setup limits(VoipConfig.Limits limits) {
    return change(
        c ->
            new VoipConfig(
                c.listen(),
                c.domain(),
                c.aliases(),
                c.extensions(),
                c.rtp(),
                c.registration(),
                c.auth(),
                c.calls(),
                limits,
                c.tls(),
                c.admin()));
  }

  /**
   * An extension with its password.
   *
   * @param password null, as of an environment variable that is not set, has a random one made and
   *     kept in the {@link #data} folder
   */
  public Setup extension(String number, @Nullable String password) {
    extensions.add(
        new Extension(number, Optional.empty(), Optional.ofNullable(password), Optional.empty()));
    return this;
  }

  /** An extension with the name shown on the phones it calls. */
  public Setup extension(String number, String name, @Nullable String password) {
    extensions.add(
        new Extension(number, Optional.of(name), Optional.ofNullable(password), Optional.empty()));
    return this;
  }

  /** Keeps registrations, passwords and records in this folder; else they end with the server. */
  public Setup data(Path folder) {
    data = Optional.of(folder);
    return this;
  }

  /** Opens the admin endpoint on a loopback port. */
  public Setup admin(int port) {
    admin = Optional.of(AdminConfig.loopback(port));
    return this;
  }

  /**
   * Decides where each call goes; called on a virtual thread of its own, with ten seconds of time.
   * A number rings its extension unless this is set.
   */
  public Setup onCall(Function<? super IncomingCall, ? extends Routing> routing) {
    onCall = Optional.of(routing);
    return this;
  }

  /** Hears everything the server sees and does, on a thread of its own. */
  public Setup onTrace(Consumer<? super VoipEvent> listener) {
    onTrace = Optional.of(listener);
    return this;
  }

  VoipConfig config() {
    var listen =
        udp.isEmpty()
            ? new Listen(config.listen().udp(), config.listen().tcp(), tls)
            : new Listen(udp, tcp, tls);
    return new VoipConfig(
        listen,
        config.domain(),
        config.aliases(),
        extensions,
        config.rtp(),
        config.registration(),
        config.auth(),
        config.calls(),
        config.limits(),
        config.tls(),
        admin);
  }

  Optional<Path> data() {
    return data;
  }

  Optional<Function<? super IncomingCall, ? extends Routing>> onCall() {
    return onCall;
  }

  Optional<Consumer<? super VoipEvent>> onTrace() {
    return onTrace;
  }

  private Setup change(UnaryOperator<VoipConfig> changed) {
    config = changed.apply(config);
    return this;
  }
}
