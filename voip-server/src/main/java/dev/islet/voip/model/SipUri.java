package dev.islet.voip.model;

import java.util.List;
import java.util.Optional;

/**
 * A {@code sip:} or {@code sips:} address (RFC 3261 §19.1).
 *
 * @param secure whether it is {@code sips:}
 * @param user what stands before the @, with escapes resolved
 * @param host in lower case; IPv6 in brackets
 * @param port 0 if none was written
 */
public record SipUri(
    boolean secure, Optional<String> user, String host, int port, List<Param> params) {
  public SipUri {
    params = List.copyOf(params);
  }
}
