package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import dev.islet.dns.policy.Dns64;
import dev.islet.dns.policy.Ipv6Network;
import dev.islet.dns.policy.TranslationPrefix;
import java.util.List;

/** IPv6 addresses for names without; {@code dns64: on} takes all defaults. */
public record Dns64Config(
    @Key(value = "the translator's prefix: /32, /40, /48, /56, /64 or /96", def = "64:ff9b::/96")
        String prefix,
    @Key(value = "networks of those who get such addresses", def = "[\"0.0.0.0/0\", \"::/0\"]")
        List<Prefix> clients,
    @Key(value = "IPv6 networks whose addresses count as none", def = "[\"::ffff:0:0/96\"]")
        List<String> exclude,
    @Key(
            value =
                "IPv4 networks that the translator does not lead to; behind 64:ff9b::/96 all that"
                    + " are not global come on top",
            def = "[]")
        List<Prefix> unmapped) {
  public Dns64Config {
    read("prefix", () -> TranslationPrefix.parse(prefix));
    for (var network : exclude) {
      read("exclude", () -> Ipv6Network.parse(network));
    }
    for (var network : unmapped) {
      if (!network.isIpv4()) {
        throw new BadValue("unmapped", network + " is not an IPv4 network like 192.168.0.0/16");
      }
    }
  }

  private static void read(String key, Runnable parser) {
    try {
      parser.run();
    } catch (IllegalArgumentException e) {
      throw new BadValue(key, String.valueOf(e.getMessage()));
    }
  }

  /** Reads {@code on}, which takes all defaults; everything else is a mapping. */
  public static Dns64Config parse(String text) {
    if (!text.equals("on") && !text.equals("true")) {
      throw new IllegalArgumentException(
          "expected on, or a mapping of keys to values; leave it out where nobody needs it");
    }
    return ConfigFile.defaults(Dns64Config.class);
  }

  Dns64 policy() {
    return new Dns64(
        TranslationPrefix.parse(prefix),
        clients,
        exclude.stream().map(Ipv6Network::parse).toList(),
        unmapped);
  }
}
