package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * A zone whose content comes from other servers.
 *
 * @param primaries in the order to ask
 */
public record Secondary(Name zone, List<Peer> primaries, TransferLimits limits) {
  public Secondary {
    primaries = List.copyOf(primaries);
  }

  /**
   * A copy from before.
   *
   * @param ageNanos since it was last found to be current
   */
  public record Kept(Zone zone, long ageNanos) {}
}
