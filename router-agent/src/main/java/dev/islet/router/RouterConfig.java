package dev.islet.router;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import dev.islet.router.model.Fib;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of the router, as its file holds it.
 *
 * @param routerId a name in the form of an address
 * @param fib where best routes go
 * @param kernel how they are written there
 * @param forwarding what to do if the kernel does not forward packets
 * @param routes static routes
 * @param rip RIP; without it only static routes
 * @param record records what comes in
 * @param admin the admin endpoint; without it none
 */
public record RouterConfig(
    @Key("names this router in its state, in the form of an IPv4 address")
        Optional<InetAddress> routerId,
    @Key(value = "where best routes go: kernel, or none to only compute them", def = "kernel")
        Fib fib,
    @Key(value = "how routes are written to the kernel", def = "{}") KernelConfig kernel,
    @Key(
            value = "if the kernel does not forward IPv4: warn, require (refuse to start) or set",
            def = "warn")
        ForwardingPolicy forwarding,
    @Key(value = "static routes", def = "[]") List<StaticConfig> routes,
    @Key("RIP version 2; without this key it does not run") Optional<RipConfig> rip,
    @Key("file that what comes in is written to, one JSON object a line, for replay; off without")
        Optional<Path> record,
    @Key("address and port of the admin endpoint; without this key there is none")
        Optional<AdminConfig> admin) {

  /** What to do if {@code net.ipv4.ip_forward} is 0. */
  public enum ForwardingPolicy {
    WARN,
    REQUIRE,
    SET
  }

  /** Writing to the kernel. */
  public record KernelConfig(
      @Key(value = "number of the kernel's routing table; 254 is main", def = "254") int table,
      @Key(value = "number that marks our routes there (ip route: proto)", def = "114")
          int protocol,
      @Key(value = "metric of our routes there; the smaller wins against others'", def = "20")
          int metric,
      @Key(value = "how long routes left by a crash are kept while not learned again", def = "100s")
          Duration grace,
      @Key(value = "leave our routes in the kernel on an orderly stop", def = "false")
          boolean keepOnClose,
      @Key(value = "time between comparisons with the kernel", def = "30s") Duration reconcile) {
    public KernelConfig {
      range("table", table, 1, Integer.MAX_VALUE);
      range("protocol", protocol, 4, 255);
      range("metric", metric, 1, Integer.MAX_VALUE);
      atLeast("reconcile", reconcile, Duration.ofSeconds(1));
    }
  }

  /** A static route: over gateways, onto an interface, or to be dropped. */
  public record StaticConfig(
      @Key("the network it leads to, like 10.0.0.0/8; 0.0.0.0/0 is the default route")
          Prefix prefix,
      @Key(value = "addresses of gateways; several share the traffic", def = "[]")
          List<InetAddress> via,
      @Key("interface: alone for destinations on that link, with via to pin the gateway")
          Optional<String> device,
      @Key("discard instead: blackhole, unreachable or prohibit") Optional<Hop.How> drop,
      @Key(value = "administrative distance; give a spare route a larger one", def = "1")
          int distance,
      @Key(value = "route tag that RIP carries along", def = "0") int tag) {
    public StaticConfig {
      if (drop.isPresent()
          ? !via.isEmpty() || device.isPresent()
          : via.isEmpty() && device.isEmpty()) {
        throw new BadValue(
            drop.isPresent() ? "drop" : "prefix",
            "a static route needs either via, device, both of these, or drop alone");
      }
      for (var gateway : via) {
        if ((gateway.getAddress().length == 4) != prefix.isIpv4()) {
          throw new BadValue(
              "via", gateway.getHostAddress() + " is not of the family of " + prefix);
        }
      }
      range("distance", distance, 1, 255);
      range("tag", tag, 0, 0xFFFF);
    }
  }

  /** RIP version 2. */
  public record RipConfig(
      @Key(value = "interfaces RIP speaks on: names, or mappings with name and options", def = "[]")
          List<RipInterface> interfaces,
      @Key(value = "UDP port; anything but 520 is for labs", def = "520") int port,
      @Key(value = "time between periodic updates, varied by a sixth", def = "30s") Duration update,
      @Key(value = "a route not heard of for so long is unreachable", def = "180s")
          Duration timeout,
      @Key(value = "an unreachable route is told so for so long", def = "120s") Duration garbage,
      @Key(value = "least pause between triggered updates", def = "1s") Duration triggeredMin,
      @Key(value = "greatest pause between triggered updates", def = "5s") Duration triggeredMax,
      @Key(value = "other origins to tell: connected, static", def = "[]")
          List<Origin> redistribute,
      @Key(value = "metric of routes of other origins", def = "1") int redistributeMetric,
      @Key(value = "listen to version 1 messages as well", def = "false") boolean acceptV1,
      @Key(value = "how many learned prefixes are kept", def = "10_000") int maxRoutes,
      @Key(value = "administrative distance of learned routes", def = "120") int distance,
      @Key(value = "networks never learned, nor parts of them", def = "[]") List<Prefix> refuse,
      @Key(value = "networks never told, nor parts of them", def = "[]") List<Prefix> withhold) {
    public RipConfig {
      range("port", port, 1, 65_535);
      atLeast("update", update, Duration.ofMillis(100));
      atLeast("timeout", timeout, update.plusMillis(1));
      atLeast("garbage", garbage, Duration.ofMillis(100));
      atLeast("triggered-max", triggeredMax, triggeredMin);
      range("redistribute-metric", redistributeMetric, 1, 15);
      range("max-routes", maxRoutes, 1, 1_000_000);
      range("distance", distance, 1, 255);
      if (redistribute.contains(Origin.RIP)) {
        throw new BadValue("redistribute", "RIP tells its own routes anyway; list others");
      }
      var names = new HashSet<String>();
      for (var each : interfaces) {
        if (!names.add(each.name())) {
          throw new BadValue("interfaces", each.name() + " is listed twice");
        }
      }
    }
  }

  /** An interface RIP speaks on. */
  public record RipInterface(
      @Key("its name, like eth0") String name,
      @Key(value = "listen only, multicast nothing", def = "false") boolean passive,
      @Key(value = "added to the metric of what is heard there", def = "1") int cost,
      @Key(
              value = "what is told there about routes learned there: poison, simple or off",
              def = "poison")
          RipSettings.Horizon splitHorizon,
      @Key("how messages prove their origin: password or keyed; without this key, not at all")
          Optional<AuthConfig> auth,
      @Key(value = "routers told by unicast", def = "[]") List<InetAddress> neighbors) {
    public RipInterface {
      range("cost", cost, 1, 15);
      for (var neighbor : neighbors) {
        if (neighbor.getAddress().length != 4 || neighbor.isMulticastAddress()) {
          throw new BadValue("neighbors", neighbor.getHostAddress() + " is not an IPv4 router");
        }
      }
    }

    /** Only the name. */
    public static RipInterface parse(String name) {
      return new RipInterface(
          name, false, 1, RipSettings.Horizon.POISON, Optional.empty(), List.of());
    }
  }

  /** How messages prove their origin. */
  public sealed interface AuthConfig {}

  /** By a password readable on the wire. */
  public record Password(@Key("1 to 16 bytes; better ${file:…} than in this file") String text)
      implements AuthConfig {
    public Password {
      check("text", () -> new RipAuth.Password(text));
    }

    @Override
    public String toString() {
      return "Password[***]";
    }
  }

  /** By a keyed digest. */
  public record Keyed(@Key("the first signs, all are accepted") List<SharedKey> keys)
      implements AuthConfig {
    public Keyed {
      if (keys.isEmpty()) {
        throw new BadValue("keys", "expected at least one key");
      }
    }
  }

  /** A key both ends know. */
  public record SharedKey(
      @Key("number of the key on the wire, 0 to 255") int id,
      @Key(value = "md5, hmac-sha-1 or hmac-sha-256", def = "md5") RipAuth.Algorithm algorithm,
      @Key("the secret; better ${file:…} than in this file") String secret) {
    public SharedKey {
      check("secret", () -> new RipAuth.SharedKey(id, algorithm, secret));
    }

    @Override
    public String toString() {
      return "SharedKey[id=" + id + ", algorithm=" + algorithm + "]";
    }
  }

  private static void check(String key, Runnable construction) {
    try {
      construction.run();
    } catch (IllegalArgumentException e) {
      throw new BadValue(key, String.valueOf(e.getMessage()));
    }
  }

  private static void range(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new BadValue(key, "expected a number from " + min + " to " + max + ", found " + value);
    }
  }

  private static void atLeast(String key, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new BadValue(
          key,
          "expected at least "
              + dev.islet.core.time.Durations.format(least)
              + ", found "
              + dev.islet.core.time.Durations.format(value));
    }
  }
}
