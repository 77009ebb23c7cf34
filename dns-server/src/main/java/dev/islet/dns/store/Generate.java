package dev.islet.dns.store;

import java.util.Locale;
import java.util.regex.Pattern;
import org.xbill.DNS.TextParseException;

/**
 * BIND's {@code $GENERATE}: a record for each number of a range, made of a pattern in which {@code
 * $} stands for the number. <code>${offset,width,base}</code> adds to it, fills it up with zeros
 * and writes it in base d, o, x or X, or as reversed nibbles with dots between, n or N.
 *
 * @param from the first number
 * @param to the last number that may be reached
 * @param step from one to the next
 */
record Generate(long from, long to, long step) {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})(?:/(\\d{1,9}))?");
  private static final Pattern MODIFIER =
      Pattern.compile("\\{(-?\\d{1,9})(?:,(\\d{1,3})(?:,([doxXnN]))?)?}");

  /** How many records one directive may make. */
  private static final int MOST = 65_536;

  /** Reads {@code 1-9} or {@code 0-8/2}. */
  static Generate parse(String text) throws TextParseException {
    var range = RANGE.matcher(text);
    if (!range.matches()) {
      throw new TextParseException("\"" + text + "\" is not a range like 1-9 or 0-8/2");
    }
    long from = Long.parseLong(range.group(1));
    long to = Long.parseLong(range.group(2));
    long step = range.group(3) == null ? 1 : Long.parseLong(range.group(3));
    if (from > to || step == 0 || (to - from) / step >= MOST) {
      throw new TextParseException("\"" + text + "\" gives no records, or more than " + MOST);
    }
    return new Generate(from, to, step);
  }

  /** The pattern with a number in the place of each {@code $}. */
  static String expand(String pattern, long number) throws TextParseException {
    var text = new StringBuilder();
    for (int at = 0; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      if (c == '\\' && at + 1 < pattern.length()) {
        text.append(c).append(pattern.charAt(++at)); // the reader of the result takes it off
      } else if (c != '$') {
        text.append(c);
      } else if (pattern.startsWith("$", at + 1)) {
        text.append('$');
        at++;
      } else if (pattern.startsWith("{", at + 1)) {
        var modifier = MODIFIER.matcher(pattern).region(at + 1, pattern.length());
        if (!modifier.lookingAt()) {
          throw new TextParseException(
              "\"" + pattern + "\" has no ${offset,width,base} at " + (at + 1));
        }
        var width = modifier.group(2) == null ? 0 : Integer.parseInt(modifier.group(2));
        var base = modifier.group(3) == null ? "d" : modifier.group(3);
        text.append(written(number + Long.parseLong(modifier.group(1)), width, base.charAt(0)));
        at = modifier.end() - 1;
      } else {
        text.append(number);
      }
    }
    return text.toString();
  }

  private static String written(long number, int width, char base) throws TextParseException {
    if (number < 0 && base != 'd') {
      throw new TextParseException(number + " is below 0, and only base d has a sign");
    }
    return switch (base) {
      case 'o' -> filled(Long.toOctalString(number), width);
      case 'x' -> filled(Long.toHexString(number), width);
      case 'X' -> filled(Long.toHexString(number).toUpperCase(Locale.ROOT), width);
      case 'n' -> nibbles(number, width);
      case 'N' -> nibbles(number, width).toUpperCase(Locale.ROOT);
      default ->
          number < 0
              ? "-" + filled(Long.toString(-number), width - 1)
              : filled(Long.toString(number), width);
    };
  }

  private static String filled(String digits, int width) {
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  /** The lowest digit first, as reverse zones have it; dots count for the width. */
  private static String nibbles(long number, int width) {
    var text = new StringBuilder();
    long left = number;
    int room = width;
    do {
      text.append(Character.forDigit((int) (left & 0xF), 16));
      left >>= 4;
      room--;
      if (room > 0 || left != 0) {
        text.append('.');
        room--;
      }
    } while (left != 0 || room > 0);
    return text.toString();
  }
}
