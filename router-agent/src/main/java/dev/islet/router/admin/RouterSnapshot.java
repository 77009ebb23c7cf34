package dev.islet.router.admin;

import dev.islet.router.hub.RouterView;
import dev.islet.router.rip.RipView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The view of the router as the JSON of {@code /state}: interfaces, rib, fib, rip. */
public final class RouterSnapshot {
  private RouterSnapshot() {}

  /**
   * @param now the engine's clock, to tell ages in seconds
   * @param forwarding whether the kernel forwards; empty where it does not tell
   */
  public static Map<String, Object> of(
      RouterView view, String routerId, Optional<Boolean> forwarding, long now) {
    var state = new LinkedHashMap<String, Object>();
    state.put("routerId", routerId);
    forwarding.ifPresent(on -> state.put("forwarding", on));
    state.put(
        "interfaces",
        view.links().stream()
            .map(
                link -> {
                  var each = new LinkedHashMap<String, Object>();
                  each.put("name", link.name());
                  each.put("index", link.index());
                  each.put("up", link.up());
                  each.put("mtu", link.mtu());
                  each.put("mac", link.mac().toString());
                  each.put(
                      "addresses",
                      view.addresses().getOrDefault(link.name(), List.of()).stream()
                          .map(a -> a.address().getHostAddress() + "/" + a.length())
                          .toList());
                  return each;
                })
            .toList());
    state.put("rib", view.candidates().stream().map(RouterSnapshot::candidate).toList());
    var fib = new LinkedHashMap<String, Object>();
    fib.put("missing", view.missing());
    fib.put("inherited", view.inherited());
    fib.put(
        "routes",
        view.fib().stream()
            .map(r -> Map.of("prefix", r.prefix().toString(), "metric", r.metric(), "via", r.via()))
            .toList());
    state.put("fib", fib);
    view.rip().ifPresent(rip -> state.put("rip", rip(rip, now)));
    return state;
  }

  private static Map<String, Object> candidate(dev.islet.router.rib.Rib.Candidate candidate) {
    var route = candidate.route();
    var each = new LinkedHashMap<String, Object>();
    each.put("prefix", route.prefix().toString());
    each.put("via", route.via());
    each.put("origin", route.origin());
    each.put("id", route.id());
    each.put("distance", route.distance());
    each.put("metric", route.metric());
    each.put("tag", route.tag());
    each.put("best", candidate.best());
    each.put("why", candidate.why());
    return each;
  }

  private static Map<String, Object> rip(RipView rip, long now) {
    var state = new LinkedHashMap<String, Object>();
    state.put("interfaces", rip.open());
    state.put("refusedRoutes", rip.refused());
    state.put(
        "neighbors",
        rip.neighbors().stream()
            .map(
                n -> {
                  var each = new LinkedHashMap<String, Object>();
                  each.put("nic", n.nic());
                  each.put("address", n.address());
                  each.put("heardSecondsAgo", seconds(now - n.heardAt()));
                  each.put("version", n.version());
                  each.put("messages", n.messages());
                  each.put("badMessages", n.badMessages());
                  each.put("badEntries", n.badEntries());
                  return each;
                })
            .toList());
    state.put(
        "learned",
        rip.learned().stream()
            .map(
                r -> {
                  var each = new LinkedHashMap<String, Object>();
                  each.put("prefix", r.prefix().toString());
                  each.put("from", r.from());
                  each.put("nextHop", r.nextHop());
                  each.put("nic", r.nic());
                  each.put("metric", r.metric());
                  each.put("tag", r.tag());
                  each.put(
                      r.reachable() ? "timesOutInSeconds" : "forgottenInSeconds",
                      seconds(r.due() - now));
                  return each;
                })
            .toList());
    state.put(
        "told",
        rip.told().stream()
            .map(a -> Map.of("prefix", a.prefix().toString(), "metric", a.metric(), "tag", a.tag()))
            .toList());
    return state;
  }

  private static double seconds(long nanos) {
    return Math.round(nanos / 1e8) / 10.0;
  }
}
