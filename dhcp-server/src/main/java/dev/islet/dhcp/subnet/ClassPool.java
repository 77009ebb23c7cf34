package dev.islet.dhcp.subnet;

import java.util.Set;

/**
 * Addresses and who may have them.
 *
 * @param classes of whose members a client must be one; none: any client
 */
public record ClassPool(Pool pool, Set<String> classes) {
  public ClassPool {
    classes = Set.copyOf(classes);
  }
}
