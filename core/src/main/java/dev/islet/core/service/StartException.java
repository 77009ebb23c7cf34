package dev.islet.core.service;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A service could not start. The message says what failed, where, and what to do. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String id;

  /**
   * @param id stable identifier that the documentation explains, like {@code NET-BIND-001}
   * @param what what failed, with the address or file
   * @param remedy what the operator can do
   */
  public StartException(String id, String what, String remedy, Throwable cause) {
    super(id + ": " + what + ". " + remedy, cause);
    this.id = id;
  }

  /** The stable identifier. */
  public String id() {
    return id;
  }

  /**
   * The exception for an address that could not be bound; names the process that holds it where the
   * system tells.
   *
   * @param protocol {@code udp} or {@code tcp}
   */
  public static StartException bind(String protocol, InetSocketAddress address, Exception cause) {
    var where = new Endpoint(protocol, address).toString();
    var message = String.valueOf(cause.getMessage());
    if (message.contains("ermission denied") || message.contains("EACCES")) {
      return new StartException(
          "NET-BIND-002",
          "not allowed to listen on " + where,
          "Ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher port or grant the capability",
          cause);
    }
    if (message.contains("annot assign requested address") || message.contains("EADDRNOTAVAIL")) {
      return new StartException(
          "NET-BIND-003",
          "no interface of this machine has the address of " + where,
          "See `ip addr`, then correct the listen key",
          cause);
    }
    if (cause instanceof BindException || message.contains("in use")) {
      var holder =
          HeldPort.read(Path.of("/proc")).stream()
              .filter(held -> held.udp() == protocol.contains("udp"))
              .filter(held -> held.address().getPort() == address.getPort())
              .flatMap(held -> held.holder().stream())
              .findFirst();
      return new StartException(
          "NET-BIND-001",
          where + " is already in use" + holder.map(h -> " by " + h).orElse(""),
          "Stop that program or choose another port in the listen key",
          cause);
    }
    return new StartException(
        "NET-BIND-009", "cannot listen on " + where + ": " + message, "See the cause", cause);
  }
}
