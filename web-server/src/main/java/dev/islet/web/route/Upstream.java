package dev.islet.web.route;

import java.net.URI;
import java.time.Duration;

/**
 * A server behind this one.
 *
 * @param to {@code http://host:port} with an optional path that requests are put under
 * @param keepHost whether it is told the name the client asked for, rather than its own
 * @param strip the path that is taken off what it is asked; empty for none
 * @param connect how long a connection may take
 * @param answer how long it may think before the first byte of its answer
 * @param connections how many connections to it are kept at most
 */
public record Upstream(
    URI to, boolean keepHost, String strip, Duration connect, Duration answer, int connections) {
  public Upstream {
    if (!"http".equals(to.getScheme()) || to.getHost() == null || to.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "\"" + to + "\" is not the address of a server like http://127.0.0.1:9000");
    }
    if (to.getRawQuery() != null || to.getRawFragment() != null) {
      throw new IllegalArgumentException("\"" + to + "\" has a query or a fragment");
    }
  }

  /** Scheme, host and port without a path. */
  public URI server() {
    int port = to.getPort() < 0 ? 80 : to.getPort();
    return URI.create("http://" + to.getHost() + ":" + port);
  }

  /** The path to take off, without a slash at its end. */
  public String stripped() {
    return strip.endsWith("/") ? strip.substring(0, strip.length() - 1) : strip;
  }

  /** The path requests are put under, without a slash at its end. */
  public String base() {
    var path = to.getRawPath() == null ? "" : to.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
