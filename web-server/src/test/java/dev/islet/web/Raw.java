package dev.islet.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly what it is told and reads one answer at a time. */
final class Raw implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** An answer; status 0 if the connection was closed instead. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  Raw(int port) throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
    socket.setSoTimeout(5_000);
    in = socket.getInputStream();
  }

  static Raw to(WebServer server) throws IOException {
    return new Raw(server.endpoints().getFirst().address().getPort());
  }

  /** One request on a connection of its own. */
  static Answer once(WebServer server, String request) throws IOException {
    try (var raw = to(server)) {
      return raw.send(request).answer(request.startsWith("HEAD"));
    }
  }

  static Answer get(WebServer server, String host, String path, String... lines)
      throws IOException {
    var more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return once(server, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n");
  }

  Raw send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Raw send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException e) {
      return this; // the server had enough; what it said is read next
    }
    return this;
  }

  Answer answer() throws IOException {
    return answer(false);
  }

  Answer answer(boolean head) throws IOException {
    var line = line();
    if (line == null) {
      return new Answer(0, Map.of(), new byte[0]);
    }
    int status = Integer.parseInt(line.substring(9, 12));
    var headers = new LinkedHashMap<String, String>();
    for (var field = line(); field != null && !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      headers.merge(
          field.substring(0, colon).toLowerCase(Locale.ROOT),
          field.substring(colon + 1).strip(),
          (a, b) -> a + ", " + b);
    }
    if (status == 100) {
      return answer(head);
    }
    if (head || status == 304 || status == 204 || status == 101) {
      return new Answer(status, headers, new byte[0]);
    }
    if (headers.containsKey("content-length")) {
      return new Answer(
          status, headers, in.readNBytes(Integer.parseInt(headers.get("content-length"))));
    }
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return new Answer(status, headers, chunks());
    }
    return new Answer(status, headers, in.readAllBytes());
  }

  private byte[] chunks() throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";")[0], 16);
      out.writeBytes(in.readNBytes(size));
      line();
      if (size == 0) {
        return out.toByteArray();
      }
    }
  }

  private String line() throws IOException {
    var out = new StringBuilder();
    try {
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          return out.isEmpty() ? null : out.toString();
        }
        if (b != '\r') {
          out.append((char) b);
        }
      }
    } catch (SocketException e) {
      return null;
    }
    return out.toString();
  }

  byte[] read(int n) throws IOException {
    return in.readNBytes(n);
  }

  /** Whether the server closes the connection within a time. */
  boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
