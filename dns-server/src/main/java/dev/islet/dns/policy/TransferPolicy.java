package dev.islet.dns.policy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;

/**
 * Who may have a whole zone. Where networks and keys are named, both must be right.
 *
 * @param networks whose addresses may ask; empty if any may that has a key
 * @param keys names of TSIG keys, one of which must have signed; empty if none is needed
 * @param longest time that one transfer may take
 */
public record TransferPolicy(Optional<Acl> networks, Set<Name> keys, Duration longest) {
  /** Nobody may. */
  public static final TransferPolicy CLOSED =
      new TransferPolicy(Optional.empty(), Set.of(), Duration.ZERO);

  public TransferPolicy {
    keys = Set.copyOf(keys);
  }

  /** Whether anybody may at all. */
  public boolean open() {
    return networks.isPresent() || !keys.isEmpty();
  }

  /**
   * Whether this asker may.
   *
   * @param key that signed the request, if it was signed
   */
  public boolean allows(InetAddress address, Optional<Name> key) {
    boolean network = networks.map(n -> n.allows(address)).orElse(true);
    boolean signed = keys.isEmpty() || key.map(keys::contains).orElse(false);
    return open() && network && signed;
  }
}
