package dev.islet.web.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Names one representation of a resource (RFC 9110 section 8.8.3).
 *
 * @param weak same meaning, perhaps not the same bytes
 * @param opaque the text between the quotes
 */
public record EntityTag(boolean weak, String opaque) {
  /** A tag that promises the same bytes. */
  public static EntityTag strong(String opaque) {
    return new EntityTag(false, opaque);
  }

  /** The same bytes: both strong and equal (section 8.8.3.2). */
  public boolean sameBytes(EntityTag other) {
    return !weak && !other.weak && opaque.equals(other.opaque);
  }

  /** The same meaning, whether weak or strong. */
  public boolean sameMeaning(EntityTag other) {
    return opaque.equals(other.opaque);
  }

  /** Reads one tag; empty if it is none. */
  public static Optional<EntityTag> parse(String text) {
    var list = parseList(text);
    return list.size() == 1 ? Optional.of(list.getFirst()) : Optional.empty();
  }

  /** Reads a list of tags up to the first that is none; commas may stand inside quotes. */
  public static List<EntityTag> parseList(String text) {
    var tags = new ArrayList<EntityTag>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ',' || c == ' ' || c == '\t') {
        at++;
        continue;
      }
      boolean weak = text.startsWith("W/\"", at);
      int open = weak ? at + 2 : at;
      if (text.charAt(open) != '"') {
        return tags;
      }
      int close = text.indexOf('"', open + 1);
      if (close < 0) {
        return tags;
      }
      tags.add(new EntityTag(weak, text.substring(open + 1, close)));
      at = close + 1;
    }
    return tags;
  }

  /** As sent. */
  @Override
  public String toString() {
    return (weak ? "W/\"" : "\"") + opaque + '"';
  }
}
