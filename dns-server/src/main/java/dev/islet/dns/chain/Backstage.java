package dev.islet.dns.chain;

import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.update.UpdateEvent;

/** Where the gate hands on what cannot be answered at once; false when there is no room. */
public interface Backstage {
  boolean resolve(ResolveEvent.Wanted wanted);

  boolean update(UpdateEvent.Arrived update);
}
