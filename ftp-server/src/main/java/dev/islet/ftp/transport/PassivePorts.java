package dev.islet.ftp.transport;

import dev.islet.ftp.dialog.Hands.DataFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports for data connections. Taken from a random place of the range on (RFC 2577 section 8);
 * one that somebody else holds is skipped, and when none is left that is said at once.
 *
 * @param first 0 for any free port
 * @param last the last of the range, itself included
 */
record PassivePorts(int first, int last) {
  ServerSocket open(InetAddress on) throws DataFailure {
    int count = first == 0 ? 1 : last - first + 1;
    int at = count == 1 ? 0 : ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      try {
        return listening(on, first == 0 ? 0 : first + (at + i) % count);
      } catch (IOException e) {
        continue; // taken, the next one perhaps not
      }
    }
    throw new DataFailure("every passive port is in use");
  }

  private static ServerSocket listening(InetAddress on, int port) throws IOException {
    var socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(on, port), 8);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
