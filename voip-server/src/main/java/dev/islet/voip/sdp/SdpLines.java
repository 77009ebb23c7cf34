package dev.islet.voip.sdp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What single lines of a description mean. */
final class SdpLines {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Attributes that would lead phones around the relay, or make them wait for what never comes. */
  private static final List<String> AROUND =
      List.of(
          "a=candidate:",
          "a=remote-candidates:",
          "a=end-of-candidates",
          "a=ice-ufrag:",
          "a=ice-pwd:",
          "a=ice-options:",
          "a=ice-lite",
          "a=ice-mismatch",
          "a=ice-pacing:",
          "a=group:BUNDLE",
          "a=bundle-only",
          "a=zrtp-hash:",
          "a=altc:");

  private SdpLines() {}

  static boolean leadsAround(String line) {
    for (var prefix : AROUND) {
      if (line.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return true;
      }
    }
    return false;
  }

  static boolean isConnection(String line) {
    return line.startsWith("c=");
  }

  /** What is wrong with a c= line, or null (RFC 8866 §5.7). */
  static @Nullable String connectionFault(String line) {
    var parts = line.substring(2).strip().split(" +");
    if (parts.length != 3 || !parts[0].equals("IN")) {
      return "c= is not IN IP4|IP6 <address> (RFC 8866 §5.7)";
    }
    return switch (parts[1]) {
      case "IP4" -> null;
      case "IP6" -> null;
      default -> "c= names the address type " + parts[1] + ", which is neither IP4 nor IP6";
    };
  }

  /**
   * The numeric address of a c= line; empty for a host name, which is never looked up: a phone must
   * not make this machine ask a name server of its choice.
   */
  static Optional<InetAddress> address(String connection) {
    var parts = connection.substring(2).strip().split(" +");
    return parts.length == 3 ? literal(parts[2]) : Optional.empty();
  }

  static Optional<InetAddress> literal(String text) {
    int slash = text.indexOf('/');
    var plain = slash < 0 ? text : text.substring(0, slash);
    // The library also takes "1.2" and "localhost%1"; descriptions may not.
    if (plain.indexOf(':') < 0 && !IPV4.matcher(plain).matches() || plain.indexOf('%') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(plain));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The c= line with the relay's address; one that says "hold" (unspecified) stays. */
  static String connect(String line, InetAddress relay) {
    return address(line).filter(InetAddress::isAnyLocalAddress).isPresent()
        ? line
        : connection(relay);
  }

  static String connection(InetAddress address) {
    return "c=IN " + addressType(address) + " " + text(address);
  }

  static String text(InetAddress address) {
    var text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  private static String addressType(InetAddress address) {
    return address instanceof Inet4Address ? "IP4" : "IP6";
  }

  /** The value of {@code a=<name>:<value>}, if the line is that attribute. */
  static Optional<String> attribute(String line, String name) {
    var prefix = "a=" + name + ":";
    return line.regionMatches(true, 0, prefix, 0, prefix.length())
        ? Optional.of(line.substring(prefix.length()).strip())
        : Optional.empty();
  }

  /** A decimal number within bounds, or -1. */
  static int number(String text, int max) {
    if (text.isEmpty() || text.length() > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value > max ? -1 : value;
  }

  static boolean isAttribute(String line, String name) {
    return line.toLowerCase(Locale.ROOT).equals("a=" + name);
  }
}
