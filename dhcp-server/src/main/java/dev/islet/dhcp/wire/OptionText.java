package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Route;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Option values as people write them.
 *
 * <p>Several addresses, names, numbers and routes are separated by commas. Options of vendors are
 * written {@code 1 number8=4; 2 text=boot}, for option 125 with the vendor's number before each:
 * {@code 4491 2 text=boot}. A server with encrypted DNS is written {@code 1 dot.home.arpa
 * 192.168.7.1 alpn=dot port=853}. {@code hex:} before the text gives the bytes of any option.
 */
public final class OptionText {
  private OptionText() {}

  /**
   * The bytes of a value.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Octets parse(OptionKind kind, String text) {
    if (text.startsWith("hex:")) {
      return Octets.parse(text.substring(4));
    }
    try {
      return value(kind, text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(kind.name() + ": " + e.getMessage(), e);
    }
  }

  private static Octets value(OptionKind kind, String text) {
    return switch (kind.format()) {
      case ADDRESS -> OptionCodec.address(Ip4.parse(text));
      case ADDRESSES -> OptionCodec.addresses(parts(text).stream().map(Ip4::parse).toList());
      case PAIRS -> pairs(text);
      case TEXT -> characters(text);
      case URI -> uri(text);
      case FLAG -> flag(text);
      case NUMBER8 -> OptionCodec.number(number(kind, text), 1);
      case NUMBER16 -> OptionCodec.number(number(kind, text), 2);
      case NUMBER32, SIGNED32 -> OptionCodec.number(number(kind, text), 4);
      case NUMBERS16 ->
          parts(text).stream()
              .map(p -> OptionCodec.number(number(kind, p), 2))
              .reduce(Octets.EMPTY, Octets::plus);
      case NAMES -> OptionCodec.encode(new OptionData.Names(parts(text)));
      case PLAIN_NAMES -> plainNames(parts(text));
      case ROUTES ->
          OptionCodec.encode(
              new OptionData.Routes(parts(text).stream().map(Route::parse).toList()));
      case VENDOR -> vendor(text);
      case VENDORS -> vendors(text);
      case SIP -> sip(text);
      case DNR ->
          Stream.of(text.split(";"))
              .map(s -> EncryptedDns.parse(s.strip()))
              .reduce(Octets.EMPTY, Octets::plus);
      case EMPTY -> Octets.EMPTY;
      case CODES ->
          parts(text).stream()
              .map(p -> OptionCodec.number(number(kind, p), 1))
              .reduce(Octets.EMPTY, Octets::plus);
      case FQDN, RELAY, BYTES -> Octets.parse(text);
    };
  }

  private static List<String> parts(String text) {
    return Stream.of(text.split(",")).map(String::strip).toList();
  }

  private static Octets characters(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("expected a text of at least one character");
    }
    return OptionCodec.text(text);
  }

  private static Octets uri(String text) {
    try {
      if (new URI(text).isAbsolute()) {
        return OptionCodec.text(text);
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no URI: " + e.getReason(), e);
    }
    throw new IllegalArgumentException("expected a URI like https://portal.example/api");
  }

  private static Octets flag(String text) {
    return switch (text) {
      case "true", "yes", "on", "1" -> Octets.of((byte) 1);
      case "false", "no", "off", "0" -> Octets.of((byte) 0);
      default -> throw new IllegalArgumentException("expected true or false, not " + text);
    };
  }

  private static long number(OptionKind kind, String text) {
    try {
      long value = Long.parseLong(text);
      if (value >= kind.least() && value <= kind.most()) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
    }
    throw new IllegalArgumentException(
        "goes from " + kind.least() + " to " + kind.most() + ", not " + text);
  }

  /** {@code 10.0.0.1 10.0.0.2, 10.1.0.0 255.255.0.0}. */
  private static Octets pairs(String text) {
    var out = Octets.EMPTY;
    for (var pair : parts(text)) {
      var two = pair.split("\\s+");
      if (two.length != 2) {
        throw new IllegalArgumentException("expected two addresses, not \"" + pair + "\"");
      }
      out = out.plus(OptionCodec.addresses(List.of(Ip4.parse(two[0]), Ip4.parse(two[1]))));
    }
    return out;
  }

  static Octets plainNames(List<String> names) {
    return names.stream()
        .map(n -> Octets.of(DomainNames.encode(n)))
        .reduce(Octets.EMPTY, Octets::plus);
  }

  private static Octets sip(String text) {
    var parts = parts(text);
    boolean addresses = parts.stream().allMatch(p -> p.matches("[0-9.]+"));
    return addresses
        ? Octets.of((byte) 1).plus(OptionCodec.addresses(parts.stream().map(Ip4::parse).toList()))
        : Octets.of((byte) 0).plus(plainNames(parts));
  }

  private static Octets vendor(String text) {
    return Stream.of(text.split(";"))
        .map(part -> part(part.strip()))
        .reduce(Octets.EMPTY, Octets::plus);
  }

  private static Octets vendors(String text) {
    var byVendor = new LinkedHashMap<Long, Octets>();
    for (var entry : text.split(";")) {
      var parts = entry.strip().split("\\s+", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException(
            "expected a vendor's number before \"" + entry.strip() + "\"");
      }
      byVendor.merge(vendorNumber(parts[0]), part(parts[1]), Octets::plus);
    }
    var out = new ByteArrayOutputStream();
    for (Map.Entry<Long, Octets> vendor : byVendor.entrySet()) {
      out.writeBytes(OptionCodec.number(vendor.getKey(), 4).toBytes());
      out.write(length(vendor.getValue(), "options of vendor " + vendor.getKey()));
      out.writeBytes(vendor.getValue().toBytes());
    }
    return Octets.of(out.toByteArray());
  }

  private static long vendorNumber(String text) {
    try {
      return Integer.toUnsignedLong(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a vendor's number (IANA private enterprise number)", e);
    }
  }

  /** {@code 1 number8=4}: code, type, value. */
  private static Octets part(String text) {
    int equals = text.indexOf('=');
    var head = (equals < 0 ? text : text.substring(0, equals)).strip().split("\\s+");
    if (equals < 0 || head.length != 2) {
      throw new IllegalArgumentException("expected CODE TYPE=VALUE, not \"" + text + "\"");
    }
    int code;
    try {
      code = Integer.parseInt(head[0]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + head[0] + "\" is not a code", e);
    }
    if (code < 1 || code > 254) {
      throw new IllegalArgumentException("codes go from 1 to 254, not " + code);
    }
    var format = OptionKind.format(head[1]);
    var value = value(OptionKind.custom(code, format), text.substring(equals + 1).strip());
    return Octets.of((byte) code, (byte) length(value, "option " + code)).plus(value);
  }

  private static int length(Octets value, String what) {
    if (value.size() > 255) {
      throw new IllegalArgumentException(what + " takes " + value.size() + " bytes, 255 is most");
    }
    return value.size();
  }

  static Octets ascii(String text) {
    return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
  }
}
