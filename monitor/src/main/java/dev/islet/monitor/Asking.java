package dev.islet.monitor;

import dev.islet.core.service.Endpoint;
import dev.islet.monitor.model.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Asks the monitor's own socket for the page, and whether its samples are of now. */
final class Asking {
  private static final Duration OLD = Duration.ofSeconds(10);

  private Asking() {}

  static Optional<String> whyNot(List<Endpoint> endpoints, Optional<Sample> sample, Instant now) {
    if (endpoints.isEmpty() || sample.isEmpty()) {
      return Optional.of(endpoints.isEmpty() ? "nothing is bound" : "there is no sample yet");
    }
    if (Duration.between(Instant.ofEpochMilli(sample.get().time()), now).compareTo(OLD) > 0) {
      return Optional.of("the newest sample is of " + Instant.ofEpochMilli(sample.get().time()));
    }
    var address = endpoints.getFirst().address();
    var reachable =
        address.getAddress().isAnyLocalAddress()
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
            : address;
    try (var socket = new Socket()) {
      socket.setSoTimeout(2_000);
      socket.connect(reachable, 2_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return line.equals("HTTP/1.1 200")
          ? Optional.empty()
          : Optional.of("expected HTTP/1.1 200 but got \"" + line + "\"");
    } catch (IOException e) {
      return Optional.of(endpoints.getFirst() + " does not answer: " + e.getMessage());
    }
  }
}
