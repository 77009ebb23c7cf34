package dev.islet.web.site;

import dev.islet.web.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One virtual host.
 *
 * @param name what it is called in logs and metrics, and the first of its names
 * @param names host names it answers for; {@code *.home.arpa} stands for every name below
 * @param standing whether it also answers for names that no site has
 * @param httpsOnly whether plain requests are redirected to TLS
 * @param hsts how long browsers shall insist on TLS (RFC 6797); zero for not at all
 */
public record Site(
    String name,
    List<String> names,
    boolean standing,
    boolean httpsOnly,
    Duration hsts,
    List<Route> routes) {
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+\\]");

  public Site {
    names = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).distinct().toList();
    routes = List.copyOf(routes);
    for (var each : names) {
      if (!NAME.matcher(each).matches()) {
        throw new IllegalArgumentException("\"" + each + "\" is not a host name");
      }
    }
  }
}
