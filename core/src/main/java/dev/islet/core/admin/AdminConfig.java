package dev.islet.core.admin;

import dev.islet.core.config.HostPort;
import dev.islet.core.config.Key;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a service's admin endpoint listens and who may use it.
 *
 * @param listen the address; keep it on loopback
 * @param token what callers must present; without one, a random token is made and kept, readable by
 *     the owner only, in {@code admin.token} of the data folder
 */
public record AdminConfig(
    @Key("address and port of the admin endpoint; keep it on loopback") InetSocketAddress listen,
    @Key("bearer token; by default a random one is kept in the data folder")
        Optional<String> token) {
  /** Only the address, as {@code 127.0.0.1:9053}. */
  public static AdminConfig parse(String text) {
    return new AdminConfig(HostPort.parse(text), Optional.empty());
  }

  /** An endpoint on the loopback address; 0 takes any free port. */
  public static AdminConfig loopback(int port) {
    return parse("127.0.0.1:" + port);
  }
}
