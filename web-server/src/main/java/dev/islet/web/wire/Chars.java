package dev.islet.web.wire;

/** The classes of characters that HTTP's grammar is made of. */
final class Chars {
  private static final boolean[] TOKEN = new boolean[256];
  private static final boolean[] VALUE = new boolean[256];

  static {
    for (int c = 0x21; c < 0x7F; c++) {
      TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
    for (int c = 0x20; c < 256; c++) {
      VALUE[c] = c != 0x7F;
    }
    VALUE['\t'] = true;
  }

  private Chars() {}

  /** tchar, RFC 9110 section 5.6.2. */
  static boolean isToken(int c) {
    return c < 256 && TOKEN[c];
  }

  /** What a field value may hold, RFC 9110 section 5.5: visible, space, tab and obs-text. */
  static boolean isValue(int c) {
    return c < 256 && VALUE[c];
  }

  static boolean isHex(int c) {
    return hex(c) >= 0;
  }

  static int hex(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  static boolean allTokens(String text) {
    return !text.isEmpty() && text.chars().allMatch(Chars::isToken);
  }
}
