package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.Key;
import dev.islet.dns.dnssec.SigningPolicy;
import dev.islet.dns.model.Denial;
import dev.islet.dns.model.KeyScheme;
import dev.islet.dns.model.SigningAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a zone is signed; {@code dnssec: on} takes all defaults. */
public record DnssecConfig(
    @Key(value = "ecdsap256sha256 or ed25519", def = "ecdsap256sha256") SigningAlgorithm algorithm,
    @Key(value = "csk for one key, ksk-zsk for two", def = "csk") KeyScheme keys,
    @Key(value = "nsec, or nsec3 without salt and iterations (RFC 9276)", def = "nsec")
        Denial denial,
    @Key(value = "how long a signature is good; made again when a third is left", def = "14d")
        Duration validity,
    @Key("the key that signs data is replaced after this; never without it")
        Optional<Duration> zskLifetime,
    @Key("the key-signing key is replaced after this; never without it")
        Optional<Duration> kskLifetime,
    @Key(value = "tags of keys to replace now", def = "[]") List<Integer> roll,
    @Key(value = "tags of keys that the parent has DS records of", def = "[]")
        List<Integer> parentHas,
    @Key(value = "servers to ask for the parent's DS records; nobody if empty", def = "[]")
        List<Upstream> parent,
    @Key(value = "TTL of the parent's DS records", def = "1d") Duration parentTtl,
    @Key(value = "added to each wait of a rollover, for secondaries and clocks", def = "1h")
        Duration safety,
    @Key(value = "asks the parent to forget its DS records (RFC 8078)", def = "false")
        boolean withdraw) {
  private static final Duration SHORTEST = Duration.ofHours(1);

  public DnssecConfig {
    if (validity.compareTo(SHORTEST) < 0) {
      throw new BadValue("validity", "expected at least 1h");
    }
    zskLifetime.ifPresent(life -> atLeast("zsk-lifetime", life));
    kskLifetime.ifPresent(life -> atLeast("ksk-lifetime", life));
    if (safety.isNegative() || parentTtl.isNegative()) {
      throw new BadValue("safety", "expected 0s or more");
    }
    for (var tag : roll) {
      if (tag < 0 || tag > 0xFFFF) {
        throw new BadValue("roll", "expected key tags, 0 to 65535, but found " + tag);
      }
    }
  }

  private static void atLeast(String key, Duration life) {
    if (life.compareTo(SHORTEST) < 0) {
      throw new BadValue(key, "expected at least 1h");
    }
  }

  /** Reads {@code on}, which takes all defaults; everything else is a mapping. */
  public static DnssecConfig parse(String text) {
    if (!text.equals("on") && !text.equals("true")) {
      throw new IllegalArgumentException(
          "expected on, or a mapping of keys to values; leave it out for a zone without signatures");
    }
    return ConfigFile.defaults(DnssecConfig.class);
  }

  SigningPolicy policy() {
    return new SigningPolicy(
        algorithm,
        keys,
        denial,
        validity,
        zskLifetime,
        kskLifetime,
        Set.copyOf(roll),
        Set.copyOf(parentHas),
        parentTtl,
        safety,
        withdraw);
  }
}
