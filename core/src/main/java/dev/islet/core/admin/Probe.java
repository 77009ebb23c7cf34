package dev.islet.core.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A container's health check: asks {@code /ready} of the endpoint on a loopback port, which makes
 * the service ask its own socket in its own protocol. Exit 0 when it is ready, else 1. Plain
 * sockets and no library, since it runs every half minute.
 */
public final class Probe {
  private Probe() {}

  /** Takes the port of the admin endpoint. */
  public static void main(String[] args) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write("GET /ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      System.out.println(answer.substring(answer.indexOf("\r\n\r\n") + 4).strip());
      System.exit(answer.matches("(?s)HTTP/1\\.[01] 200 .*") ? 0 : 1);
    } catch (IOException e) {
      System.out.println("no answer: " + e);
      System.exit(1);
    }
  }
}
