package dev.islet.dns.wire;

import java.io.IOException;
import java.util.Arrays;

/**
 * Cuts a master file into its entries, and each into words (RFC 1035 section 5.1): an entry ends
 * with its line, unless the line ends within parentheses. Comments are left out. Holds no more of a
 * file than one entry and what was read ahead, and makes no objects of what it reads.
 *
 * <p>Not thread-safe. What is asked of an entry holds until {@link #next}.
 */
public final class MasterEntries {
  /** Where the bytes come from; an input stream's {@code read} is one. */
  @FunctionalInterface
  public interface Source {
    /** Reads some bytes, at least one; -1 if there are no more. */
    int read(byte[] into, int from, int room) throws IOException;
  }

  private static final int WINDOW = 1 << 16;
  private static final int QUOTED = 1;
  private static final int ESCAPED = 2;

  private final Source source;
  private byte[] bytes;
  private int limit;
  private boolean ended;

  private int start;
  private int length;
  private int line;
  private int nextLine = 1;
  private boolean led;
  private boolean odd;
  private int count;
  // Of each word: where it begins and ends, from the start of the entry on, and what it is.
  private int[] froms = new int[16];
  private int[] ends = new int[16];
  private byte[] kinds = new byte[16];

  /** Entries of a file that is read piece by piece. */
  public MasterEntries(Source source) {
    this.source = source;
    this.bytes = new byte[WINDOW];
  }

  /** Entries of a text that is there. */
  public MasterEntries(byte[] text) {
    this.source = (into, from, room) -> -1;
    this.bytes = text;
    this.limit = text.length;
  }

  /**
   * Goes on to the next entry, which may have no words.
   *
   * @return false after the last
   */
  public boolean next() throws IOException {
    start += length;
    length = 0;
    line = nextLine;
    count = 0;
    odd = false;
    int first = octet(0);
    if (first < 0) {
      return false;
    }
    led = first == ' ' || first == '\t';
    int depth = 0;
    int at = 0;
    while (true) {
      int c = octet(at);
      switch (c) {
        case -1 -> {
          odd |= depth > 0;
          length = at;
          return true;
        }
        case '\n', '\r' -> {
          at = afterLine(at, c);
          if (depth == 0) {
            length = at;
            return true;
          }
        }
        case ' ', '\t' -> at++;
        case ';' -> at = comment(at);
        case '(' -> {
          depth++;
          at++;
        }
        case ')' -> {
          odd |= depth == 0;
          depth = Math.max(0, depth - 1);
          at++;
        }
        case '"' -> at = quoted(at + 1);
        default -> at = word(at);
      }
    }
  }

  private int afterLine(int at, int c) throws IOException {
    nextLine++;
    return c == '\r' && octet(at + 1) == '\n' ? at + 2 : at + 1;
  }

  private int comment(int from) throws IOException {
    int at = from;
    for (int c = octet(at); c >= 0 && c != '\n' && c != '\r'; c = octet(at)) {
      at++;
    }
    return at;
  }

  private int quoted(int from) throws IOException {
    int kind = QUOTED;
    int at = from;
    while (true) {
      int c = octet(at);
      if (c == '"') {
        add(from, at, kind);
        return at + 1;
      }
      if (c < 0 || c == '\n' || c == '\r') {
        odd = true;
        return at;
      }
      if (c == '\\') {
        kind |= ESCAPED;
        at = escape(at);
      } else {
        at++;
      }
    }
  }

  private int word(int from) throws IOException {
    int kind = 0;
    int at = from;
    while (true) {
      switch (octet(at)) {
        case -1, ' ', '\t', '\n', '\r', ';', '(', ')', '"' -> {
          add(from, at, kind);
          return at;
        }
        case '\\' -> {
          kind |= ESCAPED;
          at = escape(at);
        }
        default -> at++;
      }
    }
  }

  /** Steps over a backslash and the octet after it, of whatever kind that is. */
  private int escape(int at) throws IOException {
    int c = octet(at + 1);
    if (c < 0) {
      odd = true;
      return at + 1;
    }
    if (c == '\n' || c == '\r') {
      odd = true;
      return afterLine(at + 1, c);
    }
    return at + 2;
  }

  private void add(int from, int end, int kind) {
    if (count == froms.length) {
      froms = Arrays.copyOf(froms, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      kinds = Arrays.copyOf(kinds, count * 2);
    }
    froms[count] = from;
    ends[count] = end;
    kinds[count++] = (byte) kind;
  }

  private int octet(int at) throws IOException {
    return start + at < limit || more(at) ? bytes[start + at] & 0xFF : -1;
  }

  /** Reads on until the octet is there; the entry is moved to the front. */
  private boolean more(int at) throws IOException {
    while (start + at >= limit) {
      if (ended) {
        return false;
      }
      if (start > 0) {
        System.arraycopy(bytes, start, bytes, 0, limit - start);
        limit -= start;
        start = 0;
      }
      if (limit == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(WINDOW, bytes.length * 2));
      }
      int read = source.read(bytes, limit, bytes.length - limit);
      ended = read < 0;
      limit += Math.max(0, read);
    }
    return true;
  }

  /** The line it begins in, from 1. */
  public int line() {
    return line;
  }

  /** Whether blanks come first, so that it has the owner of the record before it. */
  public boolean isLed() {
    return led;
  }

  /**
   * Whether its quotes, parentheses or escapes are not in order, so that its words mean nothing.
   */
  public boolean isOdd() {
    return odd;
  }

  /** How many words it has. */
  public int words() {
    return count;
  }

  /** Whether a word stands in quotes, which do not belong to it. */
  public boolean isQuoted(int word) {
    return (kinds[word] & QUOTED) != 0;
  }

  /** Whether a word has backslashes. */
  public boolean isEscaped(int word) {
    return (kinds[word] & ESCAPED) != 0;
  }

  /** The bytes that words are in; only read them. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where a word begins in {@link #bytes}. */
  public int from(int word) {
    return start + froms[word];
  }

  /** Where a word ends in {@link #bytes}. */
  public int end(int word) {
    return start + ends[word];
  }

  /** How many bytes the entry has with all that belongs to it. */
  public int length() {
    return length;
  }

  /** A copy of the whole entry. */
  public byte[] copy() {
    return Arrays.copyOfRange(bytes, start, start + length);
  }
}
