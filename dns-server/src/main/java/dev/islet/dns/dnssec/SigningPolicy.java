package dev.islet.dns.dnssec;

import dev.islet.dns.model.Denial;
import dev.islet.dns.model.KeyScheme;
import dev.islet.dns.model.SigningAlgorithm;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How a zone is to be signed.
 *
 * @param algorithm of its keys
 * @param scheme one key or two
 * @param denial how it proves what is not there
 * @param validity of a signature, from now to its end
 * @param dataLifetime after which a ZSK, or a CSK, is replaced; never if empty
 * @param entryLifetime after which a KSK is replaced; never if empty
 * @param roll tags of keys to be replaced now
 * @param parentHas tags of keys that the operator knows to be named by a DS record of the parent
 * @param parentTtl how long the parent's DS set is remembered
 * @param safety added to each wait, for secondaries and clocks
 * @param withdraw whether the parent is asked to forget its DS set (RFC 8078 section 4)
 */
public record SigningPolicy(
    SigningAlgorithm algorithm,
    KeyScheme scheme,
    Denial denial,
    Duration validity,
    Optional<Duration> dataLifetime,
    Optional<Duration> entryLifetime,
    Set<Integer> roll,
    Set<Integer> parentHas,
    Duration parentTtl,
    Duration safety,
    boolean withdraw) {
  /** The TTL of the sets of keys. */
  static final Duration KEY_TTL = Duration.ofHours(1);

  /** Signatures begin this long ago, for validators whose clock is behind. */
  static final Duration BACKDATE = Duration.ofHours(1);

  public SigningPolicy {
    roll = Set.copyOf(roll);
    parentHas = Set.copyOf(parentHas);
  }

  /** How long a key of a role is used; for ever if empty. */
  Optional<Duration> lifetime(KeyRole role) {
    return role.entry() && !role.zone() ? entryLifetime : dataLifetime;
  }

  /** A signature that ends earlier than this from now is made again. */
  Duration refresh() {
    return validity.dividedBy(3);
  }

  /** Signatures end up to this much earlier than they could, so that not all end at once. */
  Duration jitter() {
    return validity.dividedBy(8);
  }
}
