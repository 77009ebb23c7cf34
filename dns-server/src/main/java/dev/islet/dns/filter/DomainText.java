package dev.islet.dns.filter;

import java.net.IDN;

/** A domain name from the text of a list to bytes, without objects on the way. */
final class DomainText {
  private static final int MAX_NAME = 255;
  private static final int MAX_LABEL = 63;

  final byte[] wire = new byte[MAX_NAME];
  private int labels;

  /** What a line says without its comment, {@code #} behind it or {@code !} before it. */
  static String withoutComment(String line) {
    int hash = line.indexOf('#');
    var text = (hash < 0 ? line : line.substring(0, hash)).strip();
    return text.startsWith("!") ? "" : text;
  }

  /** Takes a name, with or without the last dot; false if it is none. */
  boolean take(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) >= 0x80) {
        return international(text.substring(from, to));
      }
    }
    int end = to > from && text.charAt(to - 1) == '.' ? to - 1 : to;
    int size = 1; // the length of the first label
    int start = 0;
    labels = 0;
    for (int i = from; i <= end; i++) {
      char c = i < end ? text.charAt(i) : '.';
      if (c == '.') {
        int length = size - start - 1;
        if (length < 1 || length > MAX_LABEL) {
          return false;
        }
        wire[start] = (byte) length;
        labels++;
        start = size;
        c = 0;
      } else if (c >= 'A' && c <= 'Z') {
        c += 32;
      } else if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
        return false;
      }
      if (size >= MAX_NAME) {
        return false;
      }
      wire[size++] = (byte) c;
    }
    return true;
  }

  boolean take(String text) {
    return take(text, 0, text.length());
  }

  /** Of the name taken last. */
  int labels() {
    return labels;
  }

  private boolean international(String text) {
    try {
      var ascii = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
      return ascii.chars().allMatch(c -> c < 0x80) && take(ascii);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether all labels are digits: an address, not a name. */
  boolean isAddress() {
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      for (int i = 1; i <= wire[at]; i++) {
        if (wire[at + i] < '0' || wire[at + i] > '9') {
          return false;
        }
      }
    }
    return true;
  }
}
