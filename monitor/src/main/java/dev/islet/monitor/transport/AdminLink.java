package dev.islet.monitor.transport;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection to the admin endpoint of a service. A few lines instead of a
 * client with pools and selectors: it asks one thing at a time, once a second, for as long as the
 * board runs. It is used by one thread; another may close it. Each request has one deadline, for
 * however many pieces the answer comes in.
 */
public final class AdminLink implements AutoCloseable {
  private static final int LONGEST_LINE = 8192;

  private final InetSocketAddress address;
  private final Optional<String> token;
  private final int longest;
  private final byte[] in = new byte[1 << 14];
  private volatile @Nullable Socket socket;
  private int position;
  private int limit;
  private long deadline;
  private byte[] body = new byte[1 << 14];

  /** Status and content; the content is overwritten by the next request. */
  public record Answer(int status, byte[] body, int length) {
    public String text() {
      return new String(body, 0, length, StandardCharsets.UTF_8);
    }
  }

  /**
   * @param longest content that is accepted, in bytes
   */
  public AdminLink(InetSocketAddress address, Optional<String> token, int longest) {
    this.address = address;
    this.token = token;
    this.longest = longest;
  }

  /**
   * Asks. A connection that the service closed while nobody asked is opened anew, once.
   *
   * @throws SocketTimeoutException if the answer is not whole in time
   * @throws java.net.ConnectException if nobody listens
   * @throws ProtocolException if the answer is no HTTP, or too long
   */
  public Answer ask(String method, String path, int millis) throws IOException {
    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    boolean kept = socket != null;
    try {
      try {
        return once(method, path);
      } catch (EOFException | java.net.SocketException e) {
        if (!kept) {
          throw e;
        }
        close();
        return once(method, path);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Asks for an answer that goes on; ends with the connection. */
  public InputStream stream(String path, int millis) throws IOException {
    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      var to = connected();
      to.getOutputStream().write(request("GET", path));
      var head = head();
      if (head.status() != 200) {
        throw new ProtocolException("status " + head.status());
      }
      return new Body(to, head.chunked());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What the service says that is no HTTP, or more than is accepted. */
  public static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
      super(message);
    }
  }

  private record Head(int status, long length, boolean chunked, boolean closes) {}

  private Answer once(String method, String path) throws IOException {
    connected().getOutputStream().write(request(method, path));
    var head = head();
    int length = 0;
    if (head.chunked()) {
      for (int next = chunk(); next > 0; next = chunk()) {
        length = content(length, next);
        line(); // the end of the chunk
      }
      while (!line().isEmpty()) {
        // trailers say nothing we need
      }
    } else if (head.length() >= 0) {
      length = content(0, head.length());
    } else if (head.status() != 204) {
      length = rest();
    }
    if (head.closes() || !head.chunked() && head.length() < 0) {
      close();
    }
    return new Answer(head.status(), body, length);
  }

  private byte[] request(String method, String path) {
    return (method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + token.map(t -> "Authorization: Bearer " + t + "\r\n").orElse("")
            + (method.equals("POST") ? "Content-Length: 0\r\n" : "")
            + "\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private Socket connected() throws IOException {
    var open = socket;
    if (open != null) {
      return open;
    }
    var fresh = new Socket();
    try {
      fresh.setTcpNoDelay(true);
      fresh.connect(address, left());
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    position = 0;
    limit = 0;
    socket = fresh;
    return fresh;
  }

  private int left() throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("no whole answer in time");
    }
    return (int) millis;
  }

  private boolean fill() throws IOException {
    var open = socket;
    if (open == null) {
      throw new EOFException();
    }
    open.setSoTimeout(left());
    position = 0;
    limit = Math.max(0, open.getInputStream().read(in));
    return limit > 0;
  }

  private Head head() throws IOException {
    var first = line();
    if (!first.matches("HTTP/1\\.[01] \\d{3}.*")) {
      throw new ProtocolException("\"" + first + "\" is no HTTP status");
    }
    long length = -1;
    boolean chunked = false;
    boolean closes = first.startsWith("HTTP/1.0");
    for (var line = line(); !line.isEmpty(); line = line()) {
      var lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        try {
          length = Long.parseLong(lower.substring("content-length:".length()).strip());
        } catch (NumberFormatException e) {
          throw new ProtocolException("\"" + line + "\" is no length");
        }
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.endsWith("chunked");
      } else if (lower.startsWith("connection:")) {
        closes |= lower.contains("close");
      }
    }
    return new Head(Integer.parseInt(first.substring(9, 12)), length, chunked, closes);
  }

  private String line() throws IOException {
    var out = new ByteArrayOutputStream(80);
    while (true) {
      if (position == limit && !fill()) {
        throw new EOFException("the connection was closed");
      }
      byte c = in[position++];
      if (c == '\n') {
        return out.toString(StandardCharsets.ISO_8859_1);
      }
      if (c != '\r') {
        out.write(c);
      }
      if (out.size() > LONGEST_LINE) {
        throw new ProtocolException("a line of more than " + LONGEST_LINE + " bytes");
      }
    }
  }

  private int chunk() throws IOException {
    var line = line();
    int end = line.indexOf(';');
    try {
      return Integer.parseInt((end < 0 ? line : line.substring(0, end)).strip(), 16);
    } catch (NumberFormatException e) {
      throw new ProtocolException("\"" + line + "\" is no length of a chunk");
    }
  }

  private int content(int at, long count) throws IOException {
    if (count < 0 || at + count > longest) {
      throw new ProtocolException("an answer of more than " + longest + " bytes");
    }
    if (body.length < at + count) {
      body = Arrays.copyOf(body, (int) Math.max(at + count, Math.min(longest, body.length * 2L)));
    }
    int end = (int) (at + count);
    int here = at;
    while (here < end) {
      if (position == limit && !fill()) {
        throw new EOFException("the answer ends too early");
      }
      int n = Math.min(limit - position, end - here);
      System.arraycopy(in, position, body, here, n);
      position += n;
      here += n;
    }
    return end;
  }

  private int rest() throws IOException {
    int length = 0;
    while (position < limit || fill()) {
      length = content(length, limit - position);
    }
    return length;
  }

  @Override
  public void close() {
    var open = socket;
    socket = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        return; // it is gone either way
      }
    }
  }

  /** The content of an answer that goes on, without its chunks' lengths. */
  private final class Body extends InputStream {
    private final Socket from;
    private final boolean chunked;
    private int left;
    private boolean begun;
    private boolean ended;

    Body(Socket from, boolean chunked) {
      this.from = from;
      this.chunked = chunked;
      this.left = chunked ? 0 : Integer.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int count) throws IOException {
      if (ended || count == 0) {
        return ended ? -1 : 0;
      }
      deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); // it says it is alive every 5 s
      if (chunked && left == 0) {
        if (begun) {
          line();
        }
        begun = true;
        left = chunk();
        if (left == 0) {
          ended = true;
          return -1;
        }
      }
      if (position == limit && !fill()) {
        ended = true;
        return -1;
      }
      int n = Math.min(Math.min(count, left), limit - position);
      System.arraycopy(in, position, to, at, n);
      position += n;
      left -= chunked ? n : 0;
      return n;
    }

    @Override
    public void close() throws IOException {
      from.close();
    }
  }
}
