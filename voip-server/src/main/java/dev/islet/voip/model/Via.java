package dev.islet.voip.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One hop that a request took (RFC 3261 §20.42).
 *
 * @param transport in capitals: UDP, TCP, TLS
 * @param host where responses are to go, a name or an address, IPv6 in brackets
 * @param port 0 if none was written
 */
public record Via(String transport, String host, int port, List<Param> params) {
  public Via {
    params = List.copyOf(params);
  }

  /** What names the transaction; empty for senders older than RFC 3261. */
  public Optional<String> branch() {
    return Param.value(params, "branch");
  }

  /** Whether the sender asks for answers to its source port (RFC 3581). */
  public boolean asksRport() {
    return Param.has(params, "rport");
  }

  /** With {@code received}, and {@code rport} where it was asked for, filled in (RFC 3581 §4). */
  public Via seenFrom(String address, int fromPort) {
    var changed = new ArrayList<Param>(params.size() + 1);
    for (var param : params) {
      if (param.name().equalsIgnoreCase("rport")) {
        changed.add(new Param("rport", Optional.of(Integer.toString(fromPort))));
      } else if (!param.name().equalsIgnoreCase("received")) {
        changed.add(param);
      }
    }
    changed.add(new Param("received", Optional.of(address)));
    return new Via(transport, host, port, changed);
  }

  @Override
  public String toString() {
    return "SIP/2.0/"
        + transport
        + " "
        + host
        + (port == 0 ? "" : ":" + port)
        + Param.print(params);
  }
}
