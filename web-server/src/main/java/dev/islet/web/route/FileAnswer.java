package dev.islet.web.route;

import dev.islet.web.model.Headers;
import java.util.List;

/**
 * What to send for a request to files: decided here, sent elsewhere.
 *
 * @param headers complete but for date and connection handling; Content-Length is told by {@link
 *     #length}
 * @param content what follows the head; for HEAD it is decided the same way and not sent
 */
public record FileAnswer(int status, Headers headers, List<Piece> content) {
  public FileAnswer {
    content = List.copyOf(content);
  }

  /** A stretch of the content. */
  public sealed interface Piece {
    /** How many bytes it has. */
    long length();

    /** Bytes in memory. */
    record Memory(byte[] bytes, int offset, int count) implements Piece {
      public Memory(byte[] bytes) {
        this(bytes, 0, bytes.length);
      }

      @Override
      public long length() {
        return count;
      }
    }

    /** A stretch of a file. */
    record Slice(Entry file, long offset, long count) implements Piece {
      @Override
      public long length() {
        return count;
      }
    }
  }

  /** Content-Length. */
  public long length() {
    return content.stream().mapToLong(Piece::length).sum();
  }
}
