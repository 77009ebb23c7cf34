package dev.islet.monitor;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The monitor's configuration; the file {@code monitor.yaml}.
 *
 * @param listen where the page is served
 * @param services admin endpoints of the services that are watched
 */
public record MonitorConfig(
    @Key(value = "address and port of the page", def = "127.0.0.1:8000") InetSocketAddress listen,
    @Key(value = "names by which browsers may call the page, beside its addresses", def = "[]")
        List<String> names,
    @Key(
            value =
                "admin endpoints by the service's name; without any, those that the files beside"
                    + " this one name",
            def = "{}")
        Map<String, AdminConfig> services,
    @Key(value = "how often each service is asked whether it answers its own protocol", def = "2s")
        Duration askEvery,
    @Key(value = "who is told of alerts, and of which", def = "{}") AlertsConfig alerts,
    @Key("the admin endpoint, like 127.0.0.1:9000; without it there is none")
        Optional<AdminConfig> admin) {
  /** The services of this house; others may be named too, and have no figures of their own. */
  static final List<String> SERVICES = List.of("dns", "dhcp", "ftp", "web", "voip", "router");

  public MonitorConfig {
    for (var name : services.keySet()) {
      if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
        throw BadValue.at("services", name, "is no name of a service: small letters and digits");
      }
    }
    if (askEvery.compareTo(Duration.ofSeconds(1)) < 0
        || askEvery.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new BadValue("askEvery", "expected 1s to 10m but found " + askEvery.toMillis() + "ms");
    }
  }
}
