package dev.islet.web.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which parts of a representation are wanted (RFC 9110 section 14).
 *
 * <p>Overlapping and adjacent parts are joined, and more than {@link #MOST} are not honoured: a
 * request of many small overlapping ranges must not cost more than the file itself (section 14.2).
 */
public sealed interface ByteRanges {
  /** How many parts one request may ask for. */
  int MOST = 16;

  /** Send the whole: no range was asked for, or in a way this server ignores. */
  record Whole() implements ByteRanges {}

  /** Nothing that was asked for lies within the representation: 416. */
  record Unsatisfiable() implements ByteRanges {}

  /** These parts, ascending and apart: 206. */
  record Parts(List<Part> parts) implements ByteRanges {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /**
   * One part.
   *
   * @param first offset of its first byte
   * @param last offset of its last byte
   */
  record Part(long first, long last) {
    /** How many bytes it has. */
    public long length() {
      return last - first + 1;
    }

    /** The value of Content-Range (section 14.4). */
    public String contentRange(long size) {
      return "bytes " + first + "-" + last + "/" + size;
    }
  }

  /** Reads the value of a Range field against a representation of that many bytes. */
  static ByteRanges parse(String value, long size) {
    int equals = value.indexOf('=');
    if (equals < 0 || !value.substring(0, equals).strip().equalsIgnoreCase("bytes")) {
      return new Whole();
    }
    var wanted = new ArrayList<Part>();
    int asked = 0;
    for (var spec : value.substring(equals + 1).split(",", MOST + 2)) {
      var text = spec.strip();
      if (text.isEmpty()) {
        continue;
      }
      if (++asked > MOST) {
        return new Whole();
      }
      int dash = text.indexOf('-');
      if (dash < 0) {
        return new Whole();
      }
      long from = number(text.substring(0, dash));
      long to = number(text.substring(dash + 1));
      if (from == BAD || to == BAD || from == NONE && to == NONE) {
        return new Whole();
      }
      if (from == NONE) {
        if (to > 0 && size > 0) {
          wanted.add(new Part(Math.max(0, size - to), size - 1));
        }
      } else if (to != NONE && to < from) {
        return new Whole();
      } else if (from < size) {
        wanted.add(new Part(from, to == NONE ? size - 1 : Math.min(to, size - 1)));
      }
    }
    if (asked == 0) {
      return new Whole();
    }
    return wanted.isEmpty() ? new Unsatisfiable() : new Parts(joined(wanted));
  }

  private static List<Part> joined(List<Part> wanted) {
    wanted.sort(Comparator.comparingLong(Part::first));
    var parts = new ArrayList<Part>();
    for (var part : wanted) {
      if (!parts.isEmpty() && part.first() <= parts.getLast().last() + 1) {
        var before = parts.removeLast();
        parts.add(new Part(before.first(), Math.max(before.last(), part.last())));
      } else {
        parts.add(part);
      }
    }
    return parts;
  }

  /** Not there. */
  long NONE = -1;

  /** Not a number. */
  long BAD = -2;

  private static long number(String digits) {
    if (digits.isEmpty()) {
      return NONE;
    }
    if (digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return BAD;
    }
    return Long.parseLong(digits);
  }
}
