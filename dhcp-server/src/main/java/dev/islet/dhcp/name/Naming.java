package dev.islet.dhcp.name;

import java.util.Optional;

/**
 * How clients get names in DNS.
 *
 * @param zone the domain they lie in, without a final dot
 * @param hostNames which labels clients may have
 */
public record Naming(String zone, HostNames hostNames) {
  /** The label for what a client calls itself; empty if it may not have it. */
  public Optional<String> label(String wish) {
    return hostNames.label(wish);
  }

  /** The full name of a label. */
  public String full(String label) {
    return label + "." + zone;
  }
}
