package dev.islet.router;

import java.util.Optional;

/** Says which keys take effect only after a restart. */
final class Restart {
  private Restart() {}

  /** The new configuration with those keys as they were. */
  static RouterConfig without(RouterConfig old, RouterConfig fresh) {
    var kernel =
        new RouterConfig.KernelConfig(
            old.kernel().table(),
            old.kernel().protocol(),
            old.kernel().metric(),
            fresh.kernel().grace(),
            fresh.kernel().keepOnClose(),
            fresh.kernel().reconcile());
    return new RouterConfig(
        fresh.routerId(),
        old.fib(),
        kernel,
        old.forwarding(),
        fresh.routes(),
        rip(old.rip(), fresh.rip()),
        old.record(),
        old.admin());
  }

  /** The port is that of the sockets, which were told it at start. */
  private static Optional<RouterConfig.RipConfig> rip(
      Optional<RouterConfig.RipConfig> old, Optional<RouterConfig.RipConfig> fresh) {
    return fresh.map(
        f ->
            new RouterConfig.RipConfig(
                f.interfaces(),
                old.map(RouterConfig.RipConfig::port).orElse(520),
                f.update(),
                f.timeout(),
                f.garbage(),
                f.triggeredMin(),
                f.triggeredMax(),
                f.redistribute(),
                f.redistributeMetric(),
                f.acceptV1(),
                f.maxRoutes(),
                f.distance(),
                f.refuse(),
                f.withhold()));
  }
}
