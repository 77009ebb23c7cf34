package dev.islet.dns.resolve;

import java.util.Set;

/**
 * How a server is reached that is not to be asked in the clear (RFC 8310 section 5, strict).
 *
 * @param kind what is spoken inside TLS
 * @param name what its certificate must show: a DNS name or an IP address
 * @param path of the URL, for {@link Kind#HTTPS}
 * @param pins SHA-256 of public keys, in base64; if there are any, the server's own must be one of
 *     them and nothing else counts (RFC 7858 section 4.2)
 */
public record Protection(Kind kind, String name, String path, Set<String> pins) {
  public Protection {
    pins = Set.copyOf(pins);
  }

  /** What is spoken inside TLS. */
  public enum Kind {
    /** DNS over TLS (RFC 7858). */
    TLS,
    /** DNS over HTTPS (RFC 8484), over HTTP/2. */
    HTTPS
  }
}
