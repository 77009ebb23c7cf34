package dev.islet.web;

import dev.islet.core.service.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Asks the server's own socket for a page of its first site. */
final class Asking {
  private Asking() {}

  static Optional<String> whyNot(List<Endpoint> endpoints, WebConfig config) {
    var plain = endpoints.stream().filter(e -> e.protocol().equals("http/tcp")).findFirst();
    if (plain.isEmpty()) {
      return endpoints.isEmpty() ? Optional.of("nothing is bound") : connects(endpoints.getFirst());
    }
    var host = config.sites().keySet().iterator().next();
    var name = host.startsWith("*.") ? "ready" + host.substring(1) : host;
    try (var socket = new Socket()) {
      socket.setSoTimeout(2_000);
      socket.connect(reachable(plain.get()), 2_000);
      socket
          .getOutputStream()
          .write(
              ("OPTIONS * HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return line.equals("HTTP/1.1 204")
          ? Optional.empty()
          : Optional.of("expected HTTP/1.1 204 but got \"" + line + "\"");
    } catch (IOException e) {
      return Optional.of(plain.get() + " does not answer: " + e.getMessage());
    }
  }

  private static Optional<String> connects(Endpoint endpoint) {
    try (var socket = new Socket()) {
      socket.connect(reachable(endpoint), 2_000);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(endpoint + " does not answer: " + e.getMessage());
    }
  }

  private static InetSocketAddress reachable(Endpoint endpoint) {
    var address = endpoint.address();
    return address.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
        : address;
  }
}
