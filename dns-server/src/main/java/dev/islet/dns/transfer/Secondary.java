package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.util.List;
import java.util.OptionalLong;
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
   * How a copy is.
   *
   * @param serial of the content, if there is any
   * @param expired whether it is too old to be served
   * @param ageNanos since it was last found to be current
   * @param failures rounds through all primaries since then without an answer
   */
  public record Condition(
      Name zone, OptionalLong serial, boolean expired, OptionalLong ageNanos, int failures) {}

  /**
   * A copy from before.
   *
   * @param ageNanos since it was last found to be current
   */
  public record Kept(Zone zone, long ageNanos) {}
}
