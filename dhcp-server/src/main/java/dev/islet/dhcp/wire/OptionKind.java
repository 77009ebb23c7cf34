package dev.islet.dhcp.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an option code means.
 *
 * @param code the code
 * @param name a short name, also accepted in configuration
 * @param format how its value is read
 * @param rfc where it is defined
 */
public record OptionKind(int code, String name, Format format, String rfc) {
  /** How the bytes of an option are read. */
  public enum Format {
    ADDRESS,
    ADDRESSES,
    TEXT,
    NUMBER8,
    NUMBER16,
    NUMBER32,
    CODES,
    NAMES,
    ROUTES,
    FQDN,
    RELAY,
    EMPTY,
    BYTES
  }

  private static final Map<Integer, OptionKind> KNOWN = new LinkedHashMap<>();

  static {
    add(1, "subnet-mask", Format.ADDRESS, "RFC 2132 3.3");
    add(2, "time-offset", Format.NUMBER32, "RFC 2132 3.4");
    add(3, "routers", Format.ADDRESSES, "RFC 2132 3.5");
    add(4, "time-servers", Format.ADDRESSES, "RFC 2132 3.6");
    add(6, "dns", Format.ADDRESSES, "RFC 2132 3.8");
    add(7, "log-servers", Format.ADDRESSES, "RFC 2132 3.9");
    add(12, "host-name", Format.TEXT, "RFC 2132 3.14");
    add(15, "domain", Format.TEXT, "RFC 2132 3.17");
    add(17, "root-path", Format.TEXT, "RFC 2132 3.19");
    add(23, "default-ttl", Format.NUMBER8, "RFC 2132 4.5");
    add(26, "mtu", Format.NUMBER16, "RFC 2132 5.1");
    add(28, "broadcast", Format.ADDRESS, "RFC 2132 5.3");
    add(33, "static-routes", Format.ADDRESSES, "RFC 2132 5.8");
    add(42, "ntp", Format.ADDRESSES, "RFC 2132 8.3");
    add(43, "vendor", Format.BYTES, "RFC 2132 8.4");
    add(44, "netbios-name-servers", Format.ADDRESSES, "RFC 2132 8.5");
    add(46, "netbios-node-type", Format.NUMBER8, "RFC 2132 8.7");
    add(50, "requested-address", Format.ADDRESS, "RFC 2132 9.1");
    add(51, "lease-time", Format.NUMBER32, "RFC 2132 9.2");
    add(52, "overload", Format.NUMBER8, "RFC 2132 9.3");
    add(53, "message-type", Format.NUMBER8, "RFC 2132 9.6");
    add(54, "server-id", Format.ADDRESS, "RFC 2132 9.7");
    add(55, "parameter-list", Format.CODES, "RFC 2132 9.8");
    add(56, "message", Format.TEXT, "RFC 2132 9.9");
    add(57, "max-size", Format.NUMBER16, "RFC 2132 9.10");
    add(58, "t1", Format.NUMBER32, "RFC 2132 9.11");
    add(59, "t2", Format.NUMBER32, "RFC 2132 9.12");
    add(60, "vendor-class", Format.TEXT, "RFC 2132 9.13");
    add(61, "client-id", Format.BYTES, "RFC 2132 9.14, RFC 6842");
    add(66, "tftp-server", Format.TEXT, "RFC 2132 9.4");
    add(67, "boot-file", Format.TEXT, "RFC 2132 9.5");
    add(69, "smtp", Format.ADDRESSES, "RFC 2132 8.9");
    add(77, "user-class", Format.BYTES, "RFC 3004");
    add(80, "rapid-commit", Format.EMPTY, "RFC 4039 4");
    add(81, "fqdn", Format.FQDN, "RFC 4702 2");
    add(82, "relay-info", Format.RELAY, "RFC 3046 2");
    add(93, "client-architecture", Format.NUMBER16, "RFC 4578 2.1");
    add(97, "client-machine", Format.BYTES, "RFC 4578 2.3");
    add(100, "posix-timezone", Format.TEXT, "RFC 4833 2");
    add(101, "tzdb-timezone", Format.TEXT, "RFC 4833 2");
    add(108, "ipv6-only", Format.NUMBER32, "RFC 8925 3.1");
    add(114, "captive-portal", Format.TEXT, "RFC 8910 2.1");
    add(118, "subnet-selection", Format.ADDRESS, "RFC 3011 2");
    add(119, "domain-search", Format.NAMES, "RFC 3397 2");
    add(121, "routes", Format.ROUTES, "RFC 3442");
    add(124, "vendor-identifying-class", Format.BYTES, "RFC 3925 3");
    add(125, "vendor-identifying", Format.BYTES, "RFC 3925 4");
    add(150, "tftp-addresses", Format.ADDRESSES, "RFC 5859 3");
  }

  private static void add(int code, String name, Format format, String rfc) {
    KNOWN.put(code, new OptionKind(code, name, format, rfc));
  }

  /** The kind of a code; codes without a definition here are read as bytes. */
  public static OptionKind of(int code) {
    var known = KNOWN.get(code);
    return known != null
        ? known
        : new OptionKind(code, "option-" + code, Format.BYTES, "RFC 2132 2");
  }

  /**
   * Reads a number from 1 to 254 or a name of the table.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static OptionKind parse(String text) {
    for (var kind : KNOWN.values()) {
      if (kind.name.equals(text)) {
        return kind;
      }
    }
    try {
      int code = Integer.parseInt(text);
      if (code >= 1 && code <= 254) {
        return of(code);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no option; write a code from 1 to 254 or a name like ntp", e);
    }
    throw new IllegalArgumentException("option codes go from 1 to 254, not " + text);
  }
}
