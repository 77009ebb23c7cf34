package dev.islet.web.wire;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The host and port a request is for: the value of Host or of :authority (RFC 9110 section 7.2).
 *
 * @param host lower case; an IPv6 address keeps its brackets
 * @param port as written, if it was
 */
public record Authority(String host, OptionalInt port) {
  /** Reads host or host:port; empty if it is neither. User information is not allowed. */
  public static Optional<Authority> parse(String text) {
    if (text.isEmpty() || text.length() > 260) {
      return Optional.empty();
    }
    int end;
    if (text.charAt(0) == '[') {
      end = text.indexOf(']') + 1;
      if (end == 0 || !text.substring(1, end - 1).matches("[0-9a-fA-F:.]{2,45}")) {
        return Optional.empty();
      }
    } else {
      int colon = text.indexOf(':');
      end = colon < 0 ? text.length() : colon;
      for (int i = 0; i < end; i++) {
        char c = text.charAt(i);
        boolean name =
            c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_';
        if (!name) {
          return Optional.empty();
        }
      }
    }
    if (end == 0) {
      return Optional.empty();
    }
    var host = text.substring(0, end).toLowerCase(Locale.ROOT);
    if (host.endsWith(".") && host.length() > 1) {
      host = host.substring(0, host.length() - 1); // the same name, fully qualified
    }
    if (host.startsWith(".") || host.contains("..")) {
      return Optional.empty();
    }
    if (end == text.length()) {
      return Optional.of(new Authority(host, OptionalInt.empty()));
    }
    var digits = text.substring(end + 1);
    if (text.charAt(end) != ':' || !digits.matches("\\d{0,5}")) {
      return Optional.empty();
    }
    if (digits.isEmpty()) {
      return Optional.of(new Authority(host, OptionalInt.empty()));
    }
    int port = Integer.parseInt(digits);
    return port > 65_535
        ? Optional.empty()
        : Optional.of(new Authority(host, OptionalInt.of(port)));
  }

  @Override
  public String toString() {
    return port.isPresent() ? host + ":" + port.getAsInt() : host;
  }
}
