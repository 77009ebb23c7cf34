package dev.islet.voip.model;

import java.util.List;
import java.util.Optional;

/**
 * A {@code ;name=value} parameter as written; a value in quotes keeps them.
 *
 * @param value empty for a flag such as {@code ;lr}
 */
public record Param(String name, Optional<String> value) {
  /** The value of a parameter; empty if it is absent or a flag. */
  public static Optional<String> value(List<Param> params, String name) {
    for (var param : params) {
      if (param.name().equalsIgnoreCase(name)) {
        return param.value();
      }
    }
    return Optional.empty();
  }

  /** Whether there is a parameter of that name. */
  public static boolean has(List<Param> params, String name) {
    for (var param : params) {
      if (param.name().equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** All of them as on the wire, each with its semicolon. */
  public static String print(List<Param> params) {
    var out = new StringBuilder();
    for (var param : params) {
      out.append(';').append(param.name());
      param.value().ifPresent(v -> out.append('=').append(v));
    }
    return out.toString();
  }
}
