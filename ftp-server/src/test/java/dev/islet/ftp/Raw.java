package dev.islet.ftp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client that says exactly what a test wants. */
final class Raw implements AutoCloseable {
  /** A reply: its code, and all of it with line ends. */
  record Answer(int code, String text) {}

  private static final Pattern PASV =
      Pattern.compile("\\((\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)\\)");
  private static final Pattern EPSV = Pattern.compile("\\(\\|\\|\\|(\\d+)\\|\\)");

  Socket socket;
  private InputStream in;
  final int port;

  private Raw(Socket socket, int port) throws IOException {
    this.socket = socket;
    this.port = port;
    socket.setSoTimeout(10_000);
    in = socket.getInputStream();
  }

  /** Connects without reading the greeting. */
  static Raw silent(int port) throws IOException {
    return new Raw(new Socket(InetAddress.getByName("127.0.0.1"), port), port);
  }

  static Raw connect(int port) throws IOException {
    var raw = silent(port);
    raw.expect(220);
    return raw;
  }

  static Raw login(int port, String user, String password) throws IOException {
    var raw = connect(port);
    raw.ask("USER " + user, 331);
    raw.ask("PASS " + password, 230);
    raw.ask("TYPE I", 200);
    return raw;
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  Answer ask(String line) throws IOException {
    send(line + "\r\n");
    return answer();
  }

  Answer ask(String line, int code) throws IOException {
    send(line + "\r\n");
    return expect(code);
  }

  Answer expect(int code) throws IOException {
    var answer = answer();
    if (answer.code() != code) {
      throw new AssertionError("expected " + code + " but got " + answer.text());
    }
    return answer;
  }

  Answer answer() throws IOException {
    var text = new StringBuilder();
    var first = line();
    text.append(first).append("\r\n");
    int code = Integer.parseInt(first.substring(0, 3));
    if (first.length() > 3 && first.charAt(3) == '-') {
      String next;
      do {
        next = line();
        text.append(next).append("\r\n");
      } while (!next.startsWith(code + " "));
    }
    return new Answer(code, text.toString());
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int c; (c = in.read()) != '\n'; ) {
      if (c < 0) {
        throw new EOFException("ended after \"" + bytes.toString(StandardCharsets.UTF_8) + "\"");
      }
      bytes.write(c);
    }
    return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  int pasv() throws IOException {
    var matcher = PASV.matcher(ask("PASV", 227).text());
    if (!matcher.find()) {
      throw new AssertionError("no address in reply 227");
    }
    return Integer.parseInt(matcher.group(5)) * 256 + Integer.parseInt(matcher.group(6));
  }

  int epsv() throws IOException {
    var matcher = EPSV.matcher(ask("EPSV", 229).text());
    if (!matcher.find()) {
      throw new AssertionError("no port in reply 229");
    }
    return Integer.parseInt(matcher.group(1));
  }

  static Socket data(int port) throws IOException {
    var data = new Socket(InetAddress.getByName("127.0.0.1"), port);
    data.setSoTimeout(10_000);
    return data;
  }

  /** A data connection from another of our addresses. */
  static Socket dataFrom(String address, int port) throws IOException {
    var data = new Socket();
    data.bind(new InetSocketAddress(address, 0));
    data.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
    data.setSoTimeout(2_000);
    return data;
  }

  byte[] retr(String file) throws IOException {
    try (var data = data(pasv())) {
      ask("RETR " + file, 150);
      var bytes = data.getInputStream().readAllBytes();
      expect(226);
      return bytes;
    }
  }

  void stor(String command, byte[] bytes) throws IOException {
    try (var data = data(pasv())) {
      ask(command, 150);
      data.getOutputStream().write(bytes);
      data.shutdownOutput();
      expect(226);
    }
  }

  String list(String command) throws IOException {
    try (var data = data(pasv())) {
      ask(command, 150);
      var text = new String(data.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      expect(226);
      return text;
    }
  }

  static SSLContext trusting() {
    return trusting(() -> {});
  }

  /** Trusts everybody; tells each full handshake, since a resumed one shows no certificate. */
  static SSLContext trusting(Runnable fullHandshake) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          null,
          new TrustManager[] {
            new X509TrustManager() {
              @Override
              public void checkClientTrusted(X509Certificate[] chain, String type) {}

              @Override
              public void checkServerTrusted(X509Certificate[] chain, String type) {
                fullHandshake.run();
              }

              @Override
              public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
              }
            }
          },
          new SecureRandom());
      return context;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS on the control connection from here on. */
  SSLSocket secure(SSLContext context, String... protocols) throws IOException {
    var layered = secure(socket, port, context, protocols);
    socket = layered;
    in = layered.getInputStream();
    return layered;
  }

  static SSLSocket secure(Socket plain, int port, SSLContext context, String... protocols)
      throws IOException {
    var layered =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(new Behind(plain, port), "127.0.0.1", port, true);
    if (protocols.length > 0) {
      layered.setEnabledProtocols(protocols);
    }
    layered.startHandshake();
    return layered;
  }

  /** Whether the server has ended the connection. */
  boolean ended() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /**
   * A connection that claims to lead to the control port: JSSE looks up the session to resume by
   * the port of the socket.
   */
  private static final class Behind extends Socket {
    private final Socket real;
    private final int port;

    Behind(Socket real, int port) {
      this.real = real;
      this.port = port;
    }

    @Override
    public int getPort() {
      return port;
    }

    @Override
    public InetAddress getInetAddress() {
      return real.getInetAddress();
    }

    @Override
    public java.net.SocketAddress getRemoteSocketAddress() {
      return new InetSocketAddress(real.getInetAddress(), port);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return real.getInputStream();
    }

    @Override
    public java.io.OutputStream getOutputStream() throws IOException {
      return real.getOutputStream();
    }

    @Override
    public boolean isConnected() {
      return real.isConnected();
    }

    @Override
    public boolean isClosed() {
      return real.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
      return real.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
      return real.isOutputShutdown();
    }

    @Override
    public void shutdownInput() throws IOException {
      real.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
      real.shutdownOutput();
    }

    @Override
    public void setSoTimeout(int millis) throws java.net.SocketException {
      real.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() throws java.net.SocketException {
      return real.getSoTimeout();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws java.net.SocketException {
      real.setSoLinger(on, seconds);
    }

    @Override
    public int getSoLinger() throws java.net.SocketException {
      return real.getSoLinger();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
