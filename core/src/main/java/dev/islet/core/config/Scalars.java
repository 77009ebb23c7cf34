package dev.islet.core.config;

import dev.islet.core.time.Durations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One line of text to one value; each failure says what was expected. */
final class Scalars {
  private Scalars() {}

  static boolean knows(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || type == String.class
        || type == Integer.class
        || type == Long.class
        || type == Double.class
        || type == Boolean.class
        || type == Duration.class
        || type == Path.class
        || type == URI.class
        || type == InetAddress.class
        || type == InetSocketAddress.class
        || parser(type).isPresent();
  }

  /** A public static {@code parse(String)} makes any type a scalar. */
  static Optional<Method> parser(Class<?> type) {
    try {
      var method = type.getMethod("parse", String.class);
      return Modifier.isStatic(method.getModifiers())
              && type.isAssignableFrom(method.getReturnType())
          ? Optional.of(method)
          : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  static Object parse(Class<?> type, String text, Path folder) {
    if (type == String.class) {
      return text;
    }
    if (type == int.class || type == Integer.class) {
      return (int) integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == double.class || type == Double.class) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw expected("a number", text);
      }
    }
    if (type == boolean.class || type == Boolean.class) {
      return switch (text) {
        case "true", "yes", "on" -> true;
        case "false", "no", "off" -> false;
        default -> throw expected("true or false", text);
      };
    }
    if (type == Duration.class) {
      return Durations.parse(text);
    }
    if (type == Path.class) {
      return folder.resolve(text).normalize();
    }
    if (type == URI.class) {
      try {
        return URI.create(text);
      } catch (IllegalArgumentException e) {
        throw expected("a URI", text);
      }
    }
    if (type == InetAddress.class) {
      return HostPort.address(text);
    }
    if (type == InetSocketAddress.class) {
      return HostPort.parse(text);
    }
    if (type.isEnum()) {
      return constant(type, text);
    }
    return viaParser(parser(type).orElseThrow(), text);
  }

  /** Whole numbers may be grouped as in {@code 10_000}. */
  private static long integer(String text, long min, long max) {
    try {
      long n = Long.parseLong(text.replace("_", ""));
      if (n >= min && n <= max) {
        return n;
      }
    } catch (NumberFormatException e) {
      throw expected("a whole number", text);
    }
    throw expected("a whole number from " + min + " to " + max, text);
  }

  private static Object constant(Class<?> type, String text) {
    var wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (var constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(wanted)) {
        return constant;
      }
    }
    var names =
        Arrays.stream(type.getEnumConstants())
            .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    var near = Names.nearest(text, names);
    throw new IllegalArgumentException(
        "expected one of "
            + String.join(", ", names)
            + " but found \""
            + text
            + "\""
            + near.map(n -> "; did you mean \"" + n + "\"?").orElse(""));
  }

  private static Object viaParser(Method parser, String text) {
    try {
      parser.setAccessible(true);
      @Nullable Object value = parser.invoke(null, text);
      if (value == null) {
        throw new IllegalArgumentException("\"" + text + "\" cannot be read");
      }
      return value;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException bad) {
        throw bad;
      }
      throw new IllegalArgumentException("\"" + text + "\" cannot be read: " + e.getCause(), e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(parser + " must be public", e);
    }
  }

  private static IllegalArgumentException expected(String what, String found) {
    return new IllegalArgumentException("expected " + what + " but found \"" + found + "\"");
  }
}
