package dev.islet.voip.exchange;

import dev.islet.voip.call.CallRules;
import dev.islet.voip.registrar.Authority;
import dev.islet.voip.registrar.Registrar;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the operator chose.
 *
 * @param domain in lower case
 * @param aliases other names and addresses the server is called by
 * @param transactions how many requests are remembered at a time
 * @param scanners parts of User-Agent, in lower case, whose senders are not answered
 * @param asksRouting whether the embedder routes calls; else a number rings its extension
 */
public record ExchangeRules(
    String domain,
    Set<String> aliases,
    int transactions,
    List<String> scanners,
    boolean asksRouting,
    Authority.Rules authority,
    Registrar.Rules registrar,
    CallRules calls) {
  public ExchangeRules {
    aliases = Set.copyOf(aliases);
    scanners = List.copyOf(scanners);
  }

  /** Whether a host is this server, as reached at one of its addresses. */
  boolean isOurs(String host, String localAddress) {
    return host.equals(domain)
        || host.equals(localAddress.toLowerCase(Locale.ROOT))
        || aliases.contains(host);
  }
}
