package dev.islet.voip.wire;

import dev.islet.voip.model.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks over one header value; knows tokens, quoted strings and linear white space. */
final class Scanner {
  private final String text;
  private int at;

  Scanner(String text) {
    this.text = text;
  }

  boolean done() {
    skipSpace();
    return at >= text.length();
  }

  int at() {
    return at;
  }

  char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : '\0';
  }

  boolean take(char wanted) {
    if (peek() == wanted && at < text.length()) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char wanted) {
    if (!take(wanted)) {
      throw new BadValueFound("expected '" + wanted + "' at " + at);
    }
  }

  void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  static boolean isToken(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || "-.!%*_+`'~".indexOf(c) >= 0;
  }

  /** A token of at least one character. */
  String token() {
    skipSpace();
    int from = at;
    while (at < text.length() && isToken(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw new BadValueFound("expected a token at " + at);
    }
    return text.substring(from, at);
  }

  /** A quoted string with its quotes. */
  String quoted() {
    expect('"');
    int from = at - 1;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '"') {
        return text.substring(from, at);
      }
    }
    throw new BadValueFound("a quoted string does not end");
  }

  /** Everything up to a character, which is consumed. */
  String until(char end) {
    int found = text.indexOf(end, at);
    if (found < 0) {
      throw new BadValueFound("expected '" + end + "' after " + at);
    }
    var part = text.substring(at, found);
    at = found + 1;
    return part;
  }

  /** The run of characters before any of the ends, or the rest. */
  String run(String ends) {
    skipSpace();
    int from = at;
    while (at < text.length() && !isSpace(text.charAt(at)) && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  /** What is left. */
  String rest() {
    skipSpace();
    var rest = text.substring(at);
    at = text.length();
    return rest.stripTrailing();
  }

  /** Zero or more {@code ;name=value}. */
  List<Param> params() {
    if (peek() != ';') {
      return List.of();
    }
    var params = new ArrayList<Param>(3);
    while (take(';')) {
      var name = token();
      if (!take('=')) {
        params.add(new Param(name, Optional.empty()));
      } else if (peek() == '"') {
        params.add(new Param(name, Optional.of(quoted())));
      } else {
        var value = run(";,?>\"");
        if (value.isEmpty()) {
          throw new BadValueFound("parameter " + name + " lacks a value");
        }
        params.add(new Param(name, Optional.of(value)));
      }
      if (params.size() > 32) {
        throw new BadValueFound("more than 32 parameters");
      }
    }
    return params;
  }
}
