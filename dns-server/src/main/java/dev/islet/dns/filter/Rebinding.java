package dev.islet.dns.filter;

import java.util.List;
import org.xbill.DNS.Name;

/**
 * Whether public names may have private addresses.
 *
 * @param forbidden whether it is looked at
 * @param allowed names at and below which it is fine
 */
public record Rebinding(boolean forbidden, List<Name> allowed) {
  public Rebinding {
    allowed = List.copyOf(allowed);
  }

  boolean concerns(Name name) {
    if (!forbidden) {
      return false;
    }
    for (var each : allowed) {
      if (name.subdomain(each)) {
        return false;
      }
    }
    return true;
  }
}
