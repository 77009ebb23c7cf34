package dev.islet.voip.model;

/**
 * A SIP request (RFC 3261 §7.1).
 *
 * @param method in capitals as on the wire; methods are case-sensitive
 * @param uri the Request-URI as written
 */
public record SipRequest(String method, String uri, Vitals vitals, SipHeaders headers, byte[] body)
    implements SipMessage {
  @Override
  public String title() {
    return method + " " + uri;
  }
}
