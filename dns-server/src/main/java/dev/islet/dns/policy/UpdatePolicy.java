package dev.islet.dns.policy;

import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * Who may change a zone, and what in it.
 *
 * @param keys names of TSIG keys; a message signed by none of them changes nothing
 * @param under only names at or below this one, if given
 * @param types only these types, if any are given; deleting all types of a name needs all allowed
 */
public record UpdatePolicy(Set<Name> keys, Optional<Name> under, Set<Integer> types) {
  /** Nobody may. */
  public static final UpdatePolicy CLOSED = new UpdatePolicy(Set.of(), Optional.empty(), Set.of());

  private static final int TYPE_ANY = 255;

  public UpdatePolicy {
    keys = Set.copyOf(keys);
    types = Set.copyOf(types);
  }

  public boolean allows(Name key) {
    return keys.contains(key);
  }

  /** Whether a holder of an allowed key may add or delete this. */
  public boolean allows(Record change) {
    boolean name = under.isEmpty() || change.getName().subdomain(under.get());
    boolean type =
        types.isEmpty() || change.getType() != TYPE_ANY && types.contains(change.getType());
    return name && type;
  }
}
