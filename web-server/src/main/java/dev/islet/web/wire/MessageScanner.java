package dev.islet.web.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows the requests on one HTTP/1 connection byte by byte, before any other reader sees them:
 * finds where each head and each content ends and refuses what is not exactly framed (RFC 9112
 * sections 2, 6 and 7).
 *
 * <p>Give it bytes with {@link #head} while it {@link #inHead()}, and with {@link #content}
 * otherwise. Both say how many they took; neither takes a byte past the end of the part it is in.
 * Memory is one head at most. Not thread-safe.
 *
 * <pre>
 *           head complete             last byte of content
 *   HEAD ------------------> BODY ----------------------------> HEAD …
 *     \  not acceptable       /  \ chunk not well-formed
 *      `------> REFUSED <----'----'
 * </pre>
 */
public final class MessageScanner {
  private static final int LONGEST_CHUNK_LINE = 256;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** Where in a message the next byte belongs. */
  private enum Place {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    TRAILER,
    REFUSED
  }

  private final HeadLimits limits;
  private Place place = Place.HEAD;
  private byte[] head = new byte[512];
  private int headLength;
  private long remaining;
  private int digits;
  private int lineLength;
  private int trailerBytes;
  private long contentBytes;
  private boolean tokenSeen;
  private @Nullable RequestHead current;
  private @Nullable Refusal refusal;
  private boolean preface;

  public MessageScanner(HeadLimits limits) {
    this.limits = limits;
  }

  /** Whether the next byte belongs to a head. */
  public boolean inHead() {
    return place == Place.HEAD;
  }

  /** Whether a head has begun and is not complete. */
  public boolean headBegun() {
    return headLength > 0 && !headComplete();
  }

  /** Whether the head has ended, well or badly; {@link #forgetHead} begins the next. */
  public boolean headComplete() {
    return current != null || preface || refusal != null;
  }

  /** Why the connection is of no more use, once it is. */
  public java.util.Optional<Refusal> refusal() {
    return java.util.Optional.ofNullable(refusal);
  }

  /** The head that was completed last. */
  public java.util.Optional<RequestHead> current() {
    return java.util.Optional.ofNullable(current);
  }

  /** Whether what looked like a head was the beginning of HTTP/2 (RFC 9113 section 3.4). */
  public boolean isHttp2() {
    return preface;
  }

  /** The bytes of the head that was completed or refused last; a copy. */
  public byte[] headBytes() {
    return Arrays.copyOf(head, headLength);
  }

  /**
   * Takes bytes of a head, up to its end; then {@link #headComplete()} turns true.
   *
   * @return how many bytes were taken; all of them if the head is not complete
   */
  public int head(byte[] bytes, int from, int length) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[from + i];
      if (headLength == 0 && (b == '\r' || b == '\n') && lineLength < 2) {
        lineLength++; // one empty line before a request is passed over (section 2.2)
        continue;
      }
      if (headLength == limits.headBytes()) {
        refuse(431, "the head has more than " + limits.headBytes() + " bytes (RFC 6585 section 5)");
        return i;
      }
      if (headLength == head.length) {
        head = Arrays.copyOf(head, Math.min(head.length * 2, limits.headBytes()));
      }
      head[headLength++] = b;
      if (b == '\n' && endsHead()) {
        complete();
        return i + 1;
      }
    }
    return length;
  }

  /** Begins to look for the next head; call when the bytes of the last were used. */
  public void forgetHead() {
    headLength = 0;
    lineLength = 0;
    current = null;
    preface = false;
    if (head.length > 4096) {
      head = new byte[512];
    }
  }

  /** An empty line; one that ends in a bare LF counts, so that it is refused at once. */
  private boolean endsHead() {
    int n = headLength;
    return n >= 2 && head[n - 2] == '\n'
        || n >= 3 && head[n - 2] == '\r' && head[n - 3] == '\n'
        || n == 1;
  }

  private void complete() {
    if (headLength == PREFACE.length
        && Arrays.equals(head, 0, headLength, PREFACE, 0, headLength)) {
      preface = true;
      return;
    }
    if (headLength < 4 || head[headLength - 2] != '\r' || head[headLength - 4] != '\r') {
      refuse(400, "a line does not end in CR and LF (RFC 9112 section 2.2)");
      return;
    }
    switch (RequestHead.parse(head, 0, headLength, limits)) {
      case RequestHead.Parsed.Bad(var why) -> refuse(why.status(), why.why());
      case RequestHead.Parsed.Good(var good) -> {
        current = good;
        contentBytes = 0;
        trailerBytes = 0;
        switch (good.framing()) {
          case NONE -> place = Place.HEAD;
          case LENGTH -> {
            remaining = good.length();
            place = Place.LENGTH;
          }
          case CHUNKED -> beginChunk();
        }
      }
    }
  }

  /**
   * Takes bytes of content, with its framing, up to its end. When it has ended {@link #inHead()}
   * turns true.
   *
   * @return how many bytes were taken
   */
  public int content(byte[] bytes, int from, int length) {
    int at = 0;
    while (at < length) {
      switch (place) {
        case HEAD, REFUSED -> {
          return at;
        }
        case LENGTH -> {
          int n = (int) Math.min(remaining, length - at);
          at += n;
          remaining -= n;
          if (remaining == 0) {
            place = Place.HEAD;
          }
        }
        case CHUNK_DATA -> {
          int n = (int) Math.min(remaining, length - at);
          at += n;
          remaining -= n;
          if (remaining == 0) {
            place = Place.CHUNK_DATA_CR;
          }
        }
        default -> framing(bytes[from + at++] & 0xFF);
      }
    }
    return at;
  }

  private void framing(int b) {
    switch (place) {
      case CHUNK_SIZE -> chunkSize(b);
      case CHUNK_EXTENSION -> chunkExtension(b);
      case CHUNK_SIZE_LF -> {
        if (b != '\n') {
          refuse(400, "a chunk size does not end in CR and LF (RFC 9112 section 7.1)");
        } else if (remaining == 0) {
          place = Place.TRAILER;
          lineLength = 0;
          tokenSeen = false;
        } else {
          place = Place.CHUNK_DATA;
        }
      }
      case CHUNK_DATA_CR -> expect(b, '\r', Place.CHUNK_DATA_LF);
      case CHUNK_DATA_LF -> {
        expect(b, '\n', Place.CHUNK_SIZE);
        if (place == Place.CHUNK_SIZE) {
          beginChunk();
        }
      }
      case TRAILER -> trailer(b);
      case HEAD, LENGTH, CHUNK_DATA, REFUSED ->
          throw new IllegalStateException("no framing in " + place);
    }
  }

  private void beginChunk() {
    place = Place.CHUNK_SIZE;
    remaining = 0;
    digits = 0;
    lineLength = 0;
  }

  private void chunkSize(int b) {
    int digit = Chars.hex(b);
    if (digit >= 0 && digits < 15) {
      remaining = remaining << 4 | digit;
      digits++;
      return;
    }
    if (digits == 0 || digit >= 0) {
      refuse(400, "a chunk size is not a hexadecimal number (RFC 9112 section 7.1)");
      return;
    }
    contentBytes += remaining;
    if (contentBytes > limits.bodyBytes()) {
      refuse(
          413, "content of more than " + limits.bodyBytes() + " bytes (RFC 9110 section 15.5.14)");
    } else if (b == '\r') {
      place = Place.CHUNK_SIZE_LF;
    } else if (b == ';') {
      place = Place.CHUNK_EXTENSION;
    } else {
      refuse(
          400,
          "a chunk size is followed by something else than CR or a semicolon (RFC 9112 section 7.1)");
    }
  }

  /** Extensions are passed over (section 7.1.1), but hold nothing that could end a line early. */
  private void chunkExtension(int b) {
    if (b == '\r') {
      place = Place.CHUNK_SIZE_LF;
    } else if (++lineLength > LONGEST_CHUNK_LINE || b == ' ' || b == '\t' || !Chars.isValue(b)) {
      refuse(400, "a chunk extension is too long or not well-formed (RFC 9112 section 7.1.1)");
    }
  }

  /** Trailer fields have the form of header fields; an empty line ends the message. */
  private void trailer(int b) {
    if (++trailerBytes > 4096) {
      refuse(431, "more than 4096 bytes of trailers");
      return;
    }
    if (lineLength < 0) { // after CR
      if (b != '\n') {
        refuse(400, "a trailer line does not end in CR and LF (RFC 9112 section 7.1.2)");
      } else if (lineLength == -1) {
        place = Place.HEAD;
      } else {
        lineLength = 0;
        tokenSeen = false;
      }
      return;
    }
    if (b == '\r') {
      boolean empty = lineLength == 0;
      if (!empty && !tokenSeen) {
        refuse(400, "a trailer line has no name (RFC 9112 section 7.1.2)");
      } else {
        lineLength = empty ? -1 : -2;
      }
      return;
    }
    if (!tokenSeen && b == ':' && lineLength > 0) {
      tokenSeen = true;
    } else if (tokenSeen ? !Chars.isValue(b) : !Chars.isToken(b)) {
      refuse(400, "a trailer line is not well-formed (RFC 9112 section 7.1.2)");
    }
    lineLength++;
  }

  private void expect(int b, int wanted, Place next) {
    if (b == wanted) {
      place = next;
    } else {
      refuse(400, "a chunk does not end where its size says (RFC 9112 section 7.1)");
    }
  }

  private void refuse(int status, String why) {
    refusal = new Refusal(status, why);
    place = Place.REFUSED;
  }
}
