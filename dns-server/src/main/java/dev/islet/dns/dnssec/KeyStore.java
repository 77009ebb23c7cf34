package dev.islet.dns.dnssec;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/** Keeps the keys of zones and where they are in their lives. */
public interface KeyStore {
  /**
   * What was kept for a zone; keys that somebody put there count as in full use.
   *
   * @throws IOException what cannot be read, and where
   */
  Optional<SignerState> load(Name zone) throws IOException;

  /** Makes it durable; afterwards keys that are not in it any more are gone. */
  void keep(Name zone, SignerState state) throws IOException;

  /** A store that forgets. */
  static KeyStore inMemory() {
    return new KeyStore() {
      private final Map<Name, SignerState> states = new HashMap<>();

      @Override
      public Optional<SignerState> load(Name zone) {
        return Optional.ofNullable(states.get(zone));
      }

      @Override
      public void keep(Name zone, SignerState state) {
        states.put(zone, state);
      }
    };
  }
}
