package dev.islet.dhcp.classify;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A kind of client and what its members get beyond what their subnet gives.
 *
 * @param when who is a member
 * @param refuse members get nothing at all
 * @param lease for how long they may keep an address, instead of the subnet's time
 * @param nextServer boot server, instead of the subnet's
 * @param bootFile boot file, instead of the subnet's
 * @param options by code, over the subnet's
 */
public record ClientClass(
    String name,
    Condition when,
    boolean refuse,
    Optional<Duration> lease,
    Optional<Ip4> nextServer,
    Optional<String> bootFile,
    Map<Integer, Octets> options) {
  public ClientClass {
    options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
  }
}
