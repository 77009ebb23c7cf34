package dev.islet.ftp.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks our own socket whether it says hello, and NOOP whether it answers. */
public final class Greeting {
  private static final int MILLIS = 3_000;

  private Greeting() {}

  /**
   * Speaks FTP at the address, or at loopback if it stands for all addresses. Of implicit FTPS only
   * the connection is tried: whether TLS and the dialog work is seen at the other address.
   *
   * @param implicit whether TLS begins at once there
   * @return why it does not answer as FTP does; empty if it does
   */
  public static Optional<String> missing(InetSocketAddress listening, boolean implicit) {
    var at =
        listening.getAddress().isAnyLocalAddress()
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getPort())
            : listening;
    try (var socket = new Socket()) {
      socket.connect(at, MILLIS);
      socket.setSoTimeout(MILLIS);
      if (implicit) {
        return Optional.empty();
      }
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      var hello = line(in);
      if (!hello.startsWith("220")) {
        return Optional.of("greeted with \"" + hello + "\" instead of 220");
      }
      out.write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = line(in);
      out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      return answer.startsWith("200")
          ? Optional.empty()
          : Optional.of("answered NOOP with \"" + answer + "\" instead of 200");
    } catch (IOException e) {
      return Optional.of("no answer at " + at + ": " + e.getMessage());
    }
  }

  private static String line(java.io.InputStream in) throws IOException {
    var text = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n' && text.length() < 512; ) {
      text.append((char) c);
    }
    return text.toString().strip();
  }
}
