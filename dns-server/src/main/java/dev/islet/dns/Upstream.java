package dev.islet.dns;

import dev.islet.core.config.HostPort;
import dev.islet.dns.resolve.Protection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A server to ask.
 *
 * @param address resolved, or with a host name alone if the server is protected and only its name
 *     is known
 * @param protection how it is reached, if not in the clear
 */
public record Upstream(InetSocketAddress address, Optional<Protection> protection) {
  private static final int PORT = 53;
  private static final int TLS_PORT = 853;
  private static final int HTTPS_PORT = 443;
  private static final String PIN = "pin-sha256=";
  private static final int PIN_BYTES = 32;

  /**
   * Reads {@code 9.9.9.9}, {@code 127.0.0.1:5301}, {@code 2620:fe::fe}, {@code [::1]:5301}; {@code
   * tls://9.9.9.9#dns.quad9.net}; {@code https://dns.quad9.net/dns-query}. Behind the {@code #}
   * stands the name that the certificate must show, if it is not the host, and {@code
   * ;pin-sha256=…}.
   */
  public static Upstream parse(String text) {
    if (text.startsWith("tls://") || text.startsWith("https://")) {
      return guarded(text);
    }
    boolean brackets = text.startsWith("[");
    boolean port = brackets || text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
    return new Upstream(
        port ? HostPort.parse(text) : new InetSocketAddress(HostPort.address(text), PORT),
        Optional.empty());
  }

  private static Upstream guarded(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a URL: " + e.getReason(), e);
    }
    boolean https = uri.getScheme().equals("https");
    var host = uri.getHost();
    if (host == null || uri.getUserInfo() != null || uri.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "\"" + text + "\": write tls://address#name or https://name/dns-query");
    }
    var path = Optional.ofNullable(uri.getRawPath()).orElse("");
    if (https == path.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + text + "\": a path like /dns-query belongs to https, and to nothing else");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : https ? HTTPS_PORT : TLS_PORT;
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    var fragment =
        new ArrayList<>(List.of(Optional.ofNullable(uri.getFragment()).orElse("").split(";")));
    var name = fragment.isEmpty() ? "" : fragment.removeFirst();
    if (name.startsWith(PIN)) {
      fragment.addFirst(name);
      name = "";
    }
    var kind = https ? Protection.Kind.HTTPS : Protection.Kind.TLS;
    var protection = new Protection(kind, name.isEmpty() ? bare : name, path, pins(fragment));
    return new Upstream(address(bare, port), Optional.of(protection));
  }

  private static InetSocketAddress address(String host, int port) {
    try {
      return new InetSocketAddress(HostPort.address(host), port);
    } catch (IllegalArgumentException e) {
      return InetSocketAddress.createUnresolved(host, port); // a name, for the bootstrap servers
    }
  }

  private static Set<String> pins(List<String> parts) {
    var pins = new HashSet<String>();
    for (var part : parts) {
      var pin = part.startsWith(PIN) ? part.substring(PIN.length()) : "";
      try {
        if (Base64.getDecoder().decode(pin).length != PIN_BYTES) {
          throw new IllegalArgumentException("not 32 bytes");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "\"" + part + "\": expected pin-sha256= and 32 bytes in base64", e);
      }
      pins.add(pin);
    }
    return pins;
  }

  @Override
  public String toString() {
    var where = HostPort.format(address);
    return protection
        .map(
            p ->
                (p.kind() == Protection.Kind.TLS ? "tls://" : "https://")
                    + where
                    + p.path()
                    + (p.name().equals(address.getHostString()) ? "" : "#" + p.name()))
        .orElse(where);
  }
}
