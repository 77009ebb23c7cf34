package dev.islet.ftp.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a control connection into lines.
 *
 * <p>Lines end with CR LF; a lone LF is taken too. Telnet commands are skipped (RFC 959 section
 * 4.1.3 wants them before ABOR): IAC with a command byte, and the option byte behind WILL, WON'T,
 * DO and DON'T. The urgent byte of a Telnet synch may have been dropped by the socket, so that IAC
 * can stand alone. 0xFF never occurs in UTF-8, so nothing is lost of a name (RFC 2640).
 *
 * <p>Holds one line at most; not for several threads.
 */
public final class LineDecoder {
  private static final int IAC = 0xff;

  /** What was cut off. */
  public sealed interface Cut {
    /** A line without its end. */
    record Line(String text) implements Cut {}

    /**
     * What is no line; nothing that follows on the connection can be trusted after {@code tooLong}.
     *
     * @param offset of the byte at fault in its line
     */
    record Bad(boolean tooLong, int offset, String why) implements Cut {}
  }

  private final byte[] line;
  private int length;
  private int telnet;

  /**
   * @param limit the longest line that is taken, in bytes, without its end
   */
  public LineDecoder(int limit) {
    this.line = new byte[limit + 1];
  }

  /** The next line in these bytes, or null when they are used up; the rest is kept. */
  public @Nullable Cut next(ByteBuffer in) {
    while (in.hasRemaining()) {
      int b = in.get() & 0xff;
      if (telnet != 0 && skip(b)) {
        continue;
      }
      if (b == IAC) {
        telnet = 1;
        continue;
      }
      if (b == '\n') {
        return cut();
      }
      if (length == line.length) {
        return new Cut.Bad(true, length, "a line longer than " + (line.length - 1) + " bytes");
      }
      line[length++] = (byte) b;
    }
    return null;
  }

  /** Bytes of a line that has not ended yet. */
  public int pending() {
    return length;
  }

  /** Behind IAC: 1 before the command, 2 before an option. */
  private boolean skip(int b) {
    if (telnet == 2) {
      telnet = 0;
      return true;
    }
    telnet = b >= 0xfb && b <= 0xfe ? 2 : 0;
    return b >= 0xf0 && b != IAC;
  }

  private Cut cut() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    length = 0;
    if (end == line.length) {
      return new Cut.Bad(true, end, "a line longer than " + (line.length - 1) + " bytes");
    }
    var bytes = ByteBuffer.wrap(line, 0, end);
    for (int i = 0; i < end; i++) {
      if (line[i] == 0) {
        return new Cut.Bad(false, i, "a NUL byte");
      }
    }
    try {
      return new Cut.Line(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes)
              .toString());
    } catch (CharacterCodingException e) {
      return new Cut.Bad(false, bytes.position(), "not UTF-8");
    }
  }
}
