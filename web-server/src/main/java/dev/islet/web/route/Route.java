package dev.islet.web.route;

import dev.islet.web.model.Handler;
import dev.islet.web.wire.TargetPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What answers below a path of a site. */
public sealed interface Route {
  /** The path it begins at; matched by whole segments. */
  TargetPath at();

  /** A short name for logs and traces. */
  String kind();

  /** Static files. */
  record FilesRoute(TargetPath at, Files files) implements Route {
    @Override
    public String kind() {
      return "files";
    }
  }

  /** Another server. */
  record ProxyRoute(TargetPath at, Upstream upstream) implements Route {
    @Override
    public String kind() {
      return "proxy";
    }
  }

  /**
   * Another address.
   *
   * @param to absolute, or a path beginning with a slash
   * @param status 301, 302, 303, 307 or 308
   * @param keepRest whether what followed {@code at} is added to the address
   */
  record RedirectRoute(TargetPath at, String to, int status, boolean keepRest) implements Route {
    @Override
    public String kind() {
      return "redirect";
    }

    /** Where to send a request for this path and query. */
    public String location(TargetPath path, String rawQuery) {
      var base = to;
      if (keepRest && path.segments().size() > at.segments().size()) {
        var rest = path.segments().subList(at.segments().size(), path.segments().size());
        base =
            (to.endsWith("/") ? to.substring(0, to.length() - 1) : to)
                + new TargetPath(rest, path.folder()).encoded();
      }
      return rawQuery.isEmpty() || base.indexOf('?') >= 0 ? base : base + "?" + rawQuery;
    }
  }

  /**
   * Code.
   *
   * @param methods those it answers; none means all
   * @param below whether it answers everything below its path, or only the path itself
   */
  record HandlerRoute(TargetPath at, boolean below, Set<String> methods, Handler handler)
      implements Route {
    @Override
    public String kind() {
      return "handler";
    }
  }

  /** Whether this route is for a path, whatever the method. */
  default boolean covers(TargetPath path) {
    var mine = at().segments();
    var asked = path.segments();
    if (this instanceof HandlerRoute handler && !handler.below()) {
      return asked.equals(mine) && path.folder() == at().folder();
    }
    return asked.size() >= mine.size() && asked.subList(0, mine.size()).equals(mine);
  }

  /** What of a path lies below this route. */
  default TargetPath rest(TargetPath path) {
    return new TargetPath(
        path.segments().subList(at().segments().size(), path.segments().size()), path.folder());
  }

  /** Either a route, or none, or only some for other methods. */
  sealed interface Choice {
    record Chosen(Route route) implements Choice {}

    record NoSuchPath() implements Choice {}

    /** The methods that would be answered here (RFC 9110 section 15.5.6). */
    record OtherMethods(Set<String> allowed) implements Choice {}
  }

  /** The one with the longest path among those that cover the request; the first of equals. */
  static Choice choose(List<Route> routes, TargetPath path, String method) {
    var best = Optional.<Route>empty();
    var others = new java.util.TreeSet<String>();
    for (var route : routes) {
      if (!route.covers(path)) {
        continue;
      }
      if (route instanceof HandlerRoute handler && !answers(handler, method)) {
        others.addAll(handler.methods());
        continue;
      }
      if (best.isEmpty() || rank(route) > rank(best.get())) {
        best = Optional.of(route);
      }
    }
    if (best.isPresent()) {
      return new Choice.Chosen(best.get());
    }
    if (others.isEmpty()) {
      return new Choice.NoSuchPath();
    }
    if (others.contains("GET")) {
      others.add("HEAD");
    }
    return new Choice.OtherMethods(others);
  }

  private static boolean answers(HandlerRoute handler, String method) {
    return handler.methods().isEmpty()
        || handler.methods().contains(method)
        || method.equals("HEAD") && handler.methods().contains("GET");
  }

  /** Longer paths first; an exact path before everything below it. */
  private static int rank(Route route) {
    return route.at().segments().size() * 2
        + (route instanceof HandlerRoute handler && !handler.below() ? 1 : 0);
  }
}
