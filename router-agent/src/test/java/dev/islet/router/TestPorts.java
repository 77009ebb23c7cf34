package dev.islet.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;

/** Finds UDP ports that nobody holds. */
final class TestPorts {
  private TestPorts() {}

  static int free() {
    try (var socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
