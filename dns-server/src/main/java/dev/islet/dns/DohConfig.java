package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import java.net.InetSocketAddress;
import java.util.List;

/** DNS over HTTPS. */
public record DohConfig(
    @Key(value = "addresses and ports, customarily 443; none by default", def = "[]")
        List<InetSocketAddress> listen,
    @Key(value = "path of the URL that clients are given", def = "/dns-query") String path) {
  public DohConfig {
    if (!path.matches("/[A-Za-z0-9/._~-]*")) {
      throw new BadValue("path", "expected a plain path like /dns-query but found " + path);
    }
  }
}
