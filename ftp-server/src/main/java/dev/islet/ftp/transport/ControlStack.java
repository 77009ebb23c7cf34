package dev.islet.ftp.transport;

import dev.islet.core.service.StartException;
import dev.islet.ftp.dialog.Policy;
import dev.islet.ftp.model.Peer;
import dev.islet.ftp.model.TlsMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;

/**
 * Apache FtpServer on MINA, with listeners of our own and none of its commands, accounts or files:
 * it carries the control connections, and dialogs answer on them.
 */
public final class ControlStack implements AutoCloseable {
  /**
   * One address to listen at.
   *
   * @param implicit whether TLS begins at once
   * @param tls whether TLS is offered or required there
   */
  public record Door(InetSocketAddress address, boolean implicit, TlsMode tls) {}

  /**
   * What may change while it runs; new values hold for connections made from then on.
   *
   * @param first first passive port; 0 for any
   * @param last last passive port
   * @param advertised told in reply 227 instead of our own address
   * @param line longest command line in bytes
   * @param idle how long a client may be silent
   * @param connect how long it may take to open its data connection
   * @param connections control connections at once
   * @param perAddress of them, from one address
   */
  public record Settings(
      int first,
      int last,
      Optional<InetAddress> advertised,
      int line,
      Duration idle,
      Duration connect,
      int connections,
      int perAddress) {}

  /**
   * A control connection as of now.
   *
   * @param protocol TLS version; empty in the clear
   * @param command the last command, passwords masked
   * @param transfer verb and path of a transfer under way
   * @param bytes what it has moved so far
   */
  public record Session(
      Peer peer, String protocol, String command, Optional<String> transfer, long bytes) {}

  /**
   * What the libraries say of each client that has gone, and of themselves. Loggers are kept by
   * nobody else, and one that is collected forgets its level.
   */
  private static final List<Logger> TALKATIVE =
      List.of(
          Logger.getLogger("org.apache.mina.core.service.IoProcessor"),
          Logger.getLogger("org.apache.ftpserver.impl.DefaultFtpServer"));

  private final FtpServer server;
  private final List<ControlListener> listeners;
  private final List<Door> doors;
  private final Admission admission;
  private final Function<TlsMode, Policy> policies;
  private final SSLContext tls;
  private volatile Settings settings;

  private ControlStack(
      List<Door> doors, Function<TlsMode, Policy> policies, SSLContext tls, Settings settings) {
    this.doors = List.copyOf(doors);
    this.policies = policies;
    this.tls = tls;
    this.settings = settings;
    this.admission = new Admission(settings.connections(), settings.perAddress());
    this.listeners = new ArrayList<>();
    var numbers = new AtomicLong();
    var factory = new FtpServerFactory();
    factory.getListeners().clear();
    for (var door : doors) {
      var listener =
          new ControlListener(
              door.address(), door.implicit(), () -> control(door.tls()), admission, numbers);
      listeners.add(listener);
      factory.addListener("door-" + listeners.size(), listener);
    }
    this.server = factory.createServer();
  }

  private Control control(TlsMode mode) {
    var now = settings;
    return new Control(
        policies.apply(mode),
        tls,
        new PassivePorts(now.first(), now.last()),
        now.advertised(),
        new Control.Limits(now.line(), now.idle(), now.connect()));
  }

  /**
   * Binds all doors.
   *
   * @throws StartException naming the address that cannot be bound
   */
  public static ControlStack start(
      List<Door> doors, Function<TlsMode, Policy> policies, SSLContext tls, Settings settings) {
    TALKATIVE.forEach(logger -> logger.setLevel(Level.OFF));
    var stack = new ControlStack(doors, policies, tls, settings);
    try {
      stack.server.start();
      return stack;
    } catch (UncheckedIOException e) {
      var failed =
          stack.listeners.stream()
              .filter(ControlListener::failed)
              .findFirst()
              .map(ControlListener::bound)
              .orElse(doors.getFirst().address());
      stack.close();
      throw StartException.bind("tcp", failed, root(e));
    } catch (FtpException e) {
      stack.close();
      throw new StartException("FTP-START-001", "FtpServer failed: " + e, "See the cause", e);
    }
  }

  /** MINA wraps what the system said. */
  private static Exception root(Exception e) {
    return e.getCause() instanceof IOException inner ? root(inner) : e;
  }

  /** Other settings for connections made from now on. */
  public void apply(Settings other) {
    settings = other;
    admission.limit(other.connections(), other.perAddress());
  }

  /** The doors with the ports they really have. */
  public List<Door> doors() {
    var bound = new ArrayList<Door>();
    for (int i = 0; i < doors.size(); i++) {
      var door = doors.get(i);
      bound.add(new Door(listeners.get(i).bound(), door.implicit(), door.tls()));
    }
    return bound;
  }

  /** The control connections there are. */
  public List<Session> sessions() {
    var sessions = new ArrayList<Session>();
    for (var listener : listeners) {
      for (var link : listener.links()) {
        var transfer = link.dialog().transfer();
        sessions.add(
            new Session(
                link.dialog().peer(),
                link.protocol(),
                link.dialog().lastCommand(),
                transfer.map(t -> t.what()),
                transfer.map(t -> t.bytes()).orElse(0L)));
      }
    }
    return sessions;
  }

  /** Ends the connections of those for whom it is true. */
  public void end(Predicate<Peer> who) {
    for (var listener : listeners) {
      for (var link : listener.links()) {
        if (who.test(link.dialog().peer())) {
          link.sendAway("Your account has changed; log in again.");
        }
      }
    }
  }

  /** Ends every connection; a transfer under way is broken off. */
  @Override
  public void close() {
    server.stop();
  }
}
