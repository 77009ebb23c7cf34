package dev.islet.monitor.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) into maps, lists, strings, numbers, booleans and null. Depth is bounded;
 * faults are told with their offset.
 */
public final class JsonReader {
  private static final int DEEPEST = 64;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException if it is not JSON
   */
  public static @Nullable Object read(String text) {
    var reader = new JsonReader(text);
    var value = reader.value(0);
    reader.space();
    if (reader.at < text.length()) {
      throw reader.fault("the end");
    }
    return value;
  }

  /** The value as an object; an empty one if it is something else. */
  @SuppressWarnings("unchecked")
  public static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  /** The value as a list; an empty one if it is something else. */
  @SuppressWarnings("unchecked")
  public static List<@Nullable Object> list(@Nullable Object value) {
    return value instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
  }

  private @Nullable Object value(int depth) {
    if (depth > DEEPEST) {
      throw fault("less depth");
    }
    space();
    if (at == text.length()) {
      throw fault("a value");
    }
    return switch (text.charAt(at)) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    at++;
    space();
    if (take('}')) {
      return map;
    }
    do {
      space();
      var key = string();
      space();
      expect(':');
      map.put(key, value(depth + 1));
      space();
    } while (take(','));
    expect('}');
    return map;
  }

  private List<@Nullable Object> array(int depth) {
    var list = new ArrayList<@Nullable Object>();
    at++;
    space();
    if (take(']')) {
      return list;
    }
    do {
      list.add(value(depth + 1));
      space();
    } while (take(','));
    expect(']');
    return list;
  }

  private String string() {
    expect('"');
    int plain = at;
    while (plain < text.length() && text.charAt(plain) != '"' && text.charAt(plain) != '\\') {
      plain++;
    }
    if (plain < text.length() && text.charAt(plain) == '"') {
      var simple = text.substring(at, plain);
      at = plain + 1;
      return simple;
    }
    var out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      out.append(c == '\\' ? escaped() : c);
    }
    throw fault("the end of a string");
  }

  private char escaped() {
    if (at == text.length()) {
      throw fault("an escaped character");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw fault("four digits");
        }
        try {
          char unit = (char) Integer.parseInt(text, at, at + 4, 16);
          at += 4;
          yield unit;
        } catch (NumberFormatException e) {
          throw fault("four hexadecimal digits");
        }
      }
      default -> throw fault("an escape");
    };
  }

  private Number number() {
    int from = at;
    boolean whole = true;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      whole &= ".eE".indexOf(text.charAt(at)) < 0;
      at++;
    }
    var digits = text.substring(from, at);
    try {
      return whole && digits.length() < 19
          ? (Number) Long.valueOf(Long.parseLong(digits))
          : (Number) Double.valueOf(Double.parseDouble(digits));
    } catch (NumberFormatException e) {
      at = from;
      throw fault("a value");
    }
  }

  private @Nullable Object word(String word, @Nullable Object meaning) {
    if (!text.startsWith(word, at)) {
      throw fault(word);
    }
    at += word.length();
    return meaning;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw fault("'" + c + "'");
    }
  }

  private IllegalArgumentException fault(String expected) {
    return new IllegalArgumentException("not JSON: expected " + expected + " at offset " + at);
  }
}
