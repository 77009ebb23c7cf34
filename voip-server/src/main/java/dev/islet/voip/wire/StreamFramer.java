package dev.islet.voip.wire;

import java.util.Arrays;

/**
 * Cuts messages out of a byte stream by their Content-Length (RFC 3261 §18.3), and sees the line
 * ends that keep a connection open (RFC 5626 §3.5.1). Feed it what was read, then ask for pieces
 * until there is none.
 *
 * <p>Holds at most one message of the given size. Not thread-safe.
 */
public final class StreamFramer {
  /** What was cut out. */
  public sealed interface Piece {
    /** A whole message. */
    record Message(byte[] bytes) implements Piece {}

    /** Two line ends: answer with one. */
    record Ping() implements Piece {}

    /** A stream that cannot be cut any more: close it. */
    record Broken(String reason, byte[] head) implements Piece {}

    /** More bytes are needed. */
    record None() implements Piece {}
  }

  private final int maxMessage;
  private byte[] buffer = new byte[2048];
  private int from;
  private int end;
  private int scanned;

  /**
   * @param maxMessage bytes of the largest message
   */
  public StreamFramer(int maxMessage) {
    this.maxMessage = maxMessage;
  }

  /** Takes bytes that were read. */
  public void feed(byte[] bytes, int offset, int count) {
    if (from > 0 && (from == end || end + count > buffer.length)) {
      System.arraycopy(buffer, from, buffer, 0, end - from);
      end -= from;
      scanned -= from;
      from = 0;
    }
    if (end + count > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(end + count, buffer.length * 2));
    }
    System.arraycopy(bytes, offset, buffer, end, count);
    end += count;
  }

  /** Whether part of a message waits for the rest. */
  public boolean partial() {
    return end > from;
  }

  /** The next piece. */
  public Piece next() {
    if (from < end && (buffer[from] == '\r' || buffer[from] == '\n')) {
      int at = from;
      while (at < end && at < from + 4 && (buffer[at] == '\r' || buffer[at] == '\n')) {
        at++;
      }
      if (at - from == 4) {
        from += 4;
        scanned = from;
        return new Piece.Ping();
      }
      if (at == end) {
        return new Piece.None();
      }
      from = at; // a lone line end before a message: RFC 3261 §7.5
    }
    scanned = Math.max(scanned, from);
    int headEnd = headEnd();
    if (headEnd < 0) {
      return end - from > maxMessage
          ? new Piece.Broken("a header of more than " + maxMessage + " bytes", head())
          : new Piece.None();
    }
    int length = contentLength(headEnd);
    if (length < 0) {
      return new Piece.Broken("no usable Content-Length on a stream", head());
    }
    int whole = headEnd - from + length;
    if (whole > maxMessage) {
      return new Piece.Broken("a message of more than " + maxMessage + " bytes", head());
    }
    if (end - from < whole) {
      return new Piece.None();
    }
    var message = Arrays.copyOfRange(buffer, from, from + whole);
    from += whole;
    scanned = from;
    return new Piece.Message(message);
  }

  private byte[] head() {
    return Arrays.copyOfRange(buffer, from, Math.min(end, from + maxMessage));
  }

  /** Just behind the empty line, or -1; remembers how far it has looked. */
  private int headEnd() {
    for (int n = Math.max(from, scanned - 3); n < end; n++) {
      if (buffer[n] == '\n') {
        if (n + 1 < end && buffer[n + 1] == '\n') {
          return n + 2;
        }
        if (n + 2 < end && buffer[n + 1] == '\r' && buffer[n + 2] == '\n') {
          return n + 3;
        }
      }
    }
    scanned = end;
    return -1;
  }

  /** The value of Content-Length in the head; 0 if there is none, -1 if it is faulty. */
  private int contentLength(int headEnd) {
    int length = -2;
    int at = from;
    while (at < headEnd) {
      int line = at;
      while (at < headEnd && buffer[at] != '\n') {
        at++;
      }
      at++;
      int name = nameLength(line);
      if (name > 0) {
        int value = digits(line + name, at);
        if (value < 0 || length >= 0) {
          return -1;
        }
        length = value;
      }
    }
    return length == -2 ? 0 : length;
  }

  private int nameLength(int line) {
    return matches(line, "content-length") ? 14 : matches(line, "l") ? 1 : 0;
  }

  private boolean matches(int line, String name) {
    for (int n = 0; n < name.length(); n++) {
      if (line + n >= end || (buffer[line + n] | 0x20) != (name.charAt(n) | 0x20)) {
        return false;
      }
    }
    int at = line + name.length();
    while (at < end && (buffer[at] == ' ' || buffer[at] == '\t')) {
      at++;
    }
    return at < end && buffer[at] == ':';
  }

  private int digits(int from, int lineEnd) {
    int at = from;
    while (at < lineEnd && buffer[at] != ':') {
      at++;
    }
    at++;
    int value = -1;
    boolean ended = false;
    for (; at < lineEnd; at++) {
      byte b = buffer[at];
      if (b >= '0' && b <= '9' && !ended) {
        value = Math.max(0, value) * 10 + b - '0';
        if (value > 10_000_000) {
          return -1;
        }
      } else if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
        ended = value >= 0;
      } else {
        return -1;
      }
    }
    return value;
  }
}
