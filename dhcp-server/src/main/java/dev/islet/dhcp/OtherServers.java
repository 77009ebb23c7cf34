package dev.islet.dhcp;

import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Outcome;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Other DHCP servers that were seen: told in log, trace, metrics and state. */
final class OtherServers {
  private static final int MOST = 64;

  /** A server as it is shown. */
  record Seen(String link, Ip4 server, MacAddress mac, Instant last) {}

  private final Surroundings around;
  private final List<Ip4> known;
  private final Map<MacAddress, Seen> seen = new LinkedHashMap<>();

  /**
   * @param known servers that are meant to be there
   */
  OtherServers(Surroundings around, List<Ip4> known) {
    this.around = around;
    this.known = known;
  }

  /** A reply of another server was heard. */
  synchronized void seen(String link, Ip4 server, MacAddress mac) {
    if (known.contains(server)) {
      return;
    }
    around.metrics().count(Outcome.ROGUE_SERVER);
    if (around.trace().on()) {
      around.trace().emit(new DhcpTrace.RogueServer(link, server, mac));
    }
    var before = seen.get(mac);
    if (before == null && seen.size() < MOST) {
      System.getLogger("islet.dhcp")
          .log(
              Level.WARNING,
              "link="
                  + link
                  + " server="
                  + server
                  + " mac="
                  + mac
                  + " another DHCP server answers here; switch it off, or name it in known-servers");
    }
    if (before != null || seen.size() < MOST) {
      seen.put(mac, new Seen(link, server, mac, around.time().wall()));
    }
  }

  /** All that were seen since the start. */
  synchronized List<Seen> all() {
    return List.copyOf(seen.values());
  }
}
