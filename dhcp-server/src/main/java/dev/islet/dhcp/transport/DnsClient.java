package dev.islet.dhcp.transport;

import dev.islet.core.time.TimeSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/** Sends signed updates to one DNS server and waits for its answers; blocks its thread. */
final class DnsClient {
  static final int NOERROR = 0;
  static final int YXDOMAIN = 6;
  static final int NXRRSET = 8;

  private static final int TRIES = 2;

  private final InetSocketAddress server;
  private final Tsig key;
  private final TimeSource time;
  private final Duration patience;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param patience how long to wait for one answer
   */
  DnsClient(InetSocketAddress server, Tsig key, TimeSource time, Duration patience) {
    this.server = server;
    this.key = key;
    this.time = time;
    this.patience = patience;
  }

  /**
   * The response code of an update.
   *
   * @throws IOException if there is no answer that can be trusted
   */
  int ask(DnsUpdate update) throws IOException {
    int id = random.nextInt(1 << 16);
    try (var socket = new DatagramSocket()) {
      socket.connect(server);
      var signed = key.sign(update.encode(id), time.wall());
      for (int i = 0; i < TRIES; i++) {
        socket.send(new DatagramPacket(signed.message(), signed.message().length));
        long until = System.nanoTime() + patience.toNanos();
        long left;
        while ((left = until - System.nanoTime()) > 0) {
          socket.setSoTimeout((int) Math.max(1, left / 1_000_000));
          var packet = new DatagramPacket(new byte[4096], 4096);
          try {
            socket.receive(packet);
          } catch (SocketTimeoutException e) {
            break; // try again
          }
          var answer = Arrays.copyOf(packet.getData(), packet.getLength());
          if (answer.length < 12
              || (answer[2] & 0x80) == 0
              || ((answer[0] & 0xFF) << 8 | answer[1] & 0xFF) != id) {
            continue; // not the answer to this question
          }
          int code = answer[3] & 15;
          var doubt = key.check(answer, signed, time.wall());
          if (doubt.isPresent()) {
            throw new IOException(doubt.get() + " (response code " + code + ")");
          }
          return code;
        }
      }
    }
    throw new IOException("no answer from the DNS server");
  }
}
