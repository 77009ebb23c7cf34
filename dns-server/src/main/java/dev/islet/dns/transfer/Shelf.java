package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;

/** Where copies of other servers' zones are kept, so that a restart serves them at once. */
public interface Shelf {
  /** The copy of a zone, if there is one. */
  Optional<Secondary.Kept> load(Name zone);

  /**
   * Keeps a zone as it is now.
   *
   * @param steps that lead to it from what was kept; none for a whole new zone
   */
  void keep(Zone zone, Optional<List<Difference>> steps);

  /** Remembers that a zone was found to be current now. */
  void confirm(Name zone);

  /** Throws a copy away. */
  void forget(Name zone);
}
