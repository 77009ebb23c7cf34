package dev.islet.ftp.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks our own socket whether it says hello, and NOOP whether it answers. */
public final class Greeting {
  private static final int MILLIS = 3_000;

  private Greeting() {}

  /**
   * Speaks FTP at the address, or at loopback if it stands for all addresses.
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
      return talk(implicit ? protect(socket, at) : socket);
    } catch (IOException e) {
      return Optional.of("no answer at " + at + ": " + e.getMessage());
    }
  }

  private static Optional<String> talk(Socket socket) throws IOException {
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
  }

  private static String line(InputStream in) throws IOException {
    var text = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n' && text.length() < 512; ) {
      text.append((char) c);
    }
    return text.toString().strip();
  }

  private static Socket protect(Socket socket, InetSocketAddress at) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      var layered =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(socket, at.getAddress().getHostAddress(), at.getPort(), true);
      layered.startHandshake();
      return layered;
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK lacks TLS", e);
    }
  }

  /** We talk to ourselves, and send nothing that is secret. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
