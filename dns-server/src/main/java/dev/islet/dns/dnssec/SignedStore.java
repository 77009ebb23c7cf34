package dev.islet.dns.dnssec;

import dev.islet.dns.zone.Zone;
import java.util.Optional;
import org.xbill.DNS.Name;

/** Keeps signed zones as they are served, so that a restart signs only what is new. */
public interface SignedStore {
  /** A store that keeps nothing. */
  SignedStore NONE =
      new SignedStore() {
        @Override
        public Optional<Zone> load(Name zone) {
          return Optional.empty();
        }

        @Override
        public void keep(Zone served, Optional<Zone> before) {}
      };

  /** A zone as it was kept; after a crash that may be one of before the last changes. */
  Optional<Zone> load(Name zone);

  /**
   * Keeps a zone, not necessarily at once.
   *
   * @param before what was kept last, if that is known
   */
  void keep(Zone served, Optional<Zone> before);
}
