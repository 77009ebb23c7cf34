package dev.islet.router.model;

/**
 * Judges routes on their way in from, or out to, a protocol's neighbours. Called on the router's
 * own thread for every route: quick, and without side effects.
 */
@FunctionalInterface
public interface RouteFilter {
  /** Lets everything pass. */
  RouteFilter ALL = route -> Verdict.ACCEPT;

  Verdict judge(Route route);

  /** Accepts what both accept. */
  default RouteFilter and(RouteFilter other) {
    return route -> judge(route) == Verdict.REFUSE ? Verdict.REFUSE : other.judge(route);
  }
}
