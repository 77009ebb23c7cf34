package dev.islet.dhcp.wire;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an option code means.
 *
 * @param code the code
 * @param name a short name, also accepted in configuration
 * @param format how its value is read
 * @param rfc where it is defined
 * @param least smallest number it may be, if it is one
 * @param most largest number it may be
 */
public record OptionKind(int code, String name, Format format, String rfc, long least, long most) {
  /** How the bytes of an option are read. The names are those of types in configuration. */
  public enum Format {
    ADDRESS,
    ADDRESSES,
    /** Pairs of addresses, or of an address and a mask. */
    PAIRS,
    TEXT,
    /** A URI (RFC 3986). */
    URI,
    FLAG,
    NUMBER8,
    NUMBER16,
    NUMBER32,
    SIGNED32,
    NUMBERS16,
    CODES,
    /** Names in the encoding of DNS, the later pointing into the earlier (RFC 3397). */
    NAMES,
    /** Names in the encoding of DNS, each whole. */
    PLAIN_NAMES,
    ROUTES,
    FQDN,
    RELAY,
    /** Options of a vendor inside an option (RFC 2132 section 8.4). */
    VENDOR,
    /** The same for several vendors (RFC 3925 section 4). */
    VENDORS,
    /** SIP servers, by name or by address (RFC 3361). */
    SIP,
    /** DNS servers with encryption (RFC 9463 section 5). */
    DNR,
    EMPTY,
    BYTES;

    private long most() {
      return switch (this) {
        case FLAG -> 1;
        case NUMBER8 -> 255;
        case NUMBER16, NUMBERS16 -> 65_535;
        case SIGNED32 -> Integer.MAX_VALUE;
        default -> 0xFFFF_FFFFL;
      };
    }

    private long least() {
      return this == SIGNED32 ? Integer.MIN_VALUE : 0;
    }
  }

  private static final Map<Integer, OptionKind> KNOWN = new LinkedHashMap<>();

  static {
    add(1, "subnet-mask", Format.ADDRESS, "RFC 2132 3.3");
    add(2, "time-offset", Format.SIGNED32, "RFC 2132 3.4");
    add(3, "routers", Format.ADDRESSES, "RFC 2132 3.5");
    add(4, "time-servers", Format.ADDRESSES, "RFC 2132 3.6");
    add(5, "name-servers", Format.ADDRESSES, "RFC 2132 3.7");
    add(6, "dns", Format.ADDRESSES, "RFC 2132 3.8");
    add(7, "log-servers", Format.ADDRESSES, "RFC 2132 3.9");
    add(8, "cookie-servers", Format.ADDRESSES, "RFC 2132 3.10");
    add(9, "lpr-servers", Format.ADDRESSES, "RFC 2132 3.11");
    add(10, "impress-servers", Format.ADDRESSES, "RFC 2132 3.12");
    add(11, "resource-location-servers", Format.ADDRESSES, "RFC 2132 3.13");
    add(12, "host-name", Format.TEXT, "RFC 2132 3.14");
    add(13, "boot-file-size", Format.NUMBER16, "RFC 2132 3.15");
    add(14, "merit-dump", Format.TEXT, "RFC 2132 3.16");
    add(15, "domain", Format.TEXT, "RFC 2132 3.17");
    add(16, "swap-server", Format.ADDRESS, "RFC 2132 3.18");
    add(17, "root-path", Format.TEXT, "RFC 2132 3.19");
    add(18, "extensions-path", Format.TEXT, "RFC 2132 3.20");
    add(19, "ip-forwarding", Format.FLAG, "RFC 2132 4.1");
    add(20, "non-local-source-routing", Format.FLAG, "RFC 2132 4.2");
    add(21, "policy-filter", Format.PAIRS, "RFC 2132 4.3");
    add(22, "max-datagram-reassembly", Format.NUMBER16, "RFC 2132 4.4", 576, 65_535);
    add(23, "default-ttl", Format.NUMBER8, "RFC 2132 4.5", 1, 255);
    add(24, "path-mtu-aging", Format.NUMBER32, "RFC 2132 4.6");
    add(25, "path-mtu-plateaus", Format.NUMBERS16, "RFC 2132 4.7", 68, 65_535);
    add(26, "mtu", Format.NUMBER16, "RFC 2132 5.1", 68, 65_535);
    add(27, "all-subnets-local", Format.FLAG, "RFC 2132 5.2");
    add(28, "broadcast", Format.ADDRESS, "RFC 2132 5.3");
    add(29, "mask-discovery", Format.FLAG, "RFC 2132 5.4");
    add(30, "mask-supplier", Format.FLAG, "RFC 2132 5.5");
    add(31, "router-discovery", Format.FLAG, "RFC 2132 5.6");
    add(32, "router-solicitation", Format.ADDRESS, "RFC 2132 5.7");
    add(33, "static-routes", Format.PAIRS, "RFC 2132 5.8");
    add(34, "trailer-encapsulation", Format.FLAG, "RFC 2132 6.1");
    add(35, "arp-cache-timeout", Format.NUMBER32, "RFC 2132 6.2");
    add(36, "ethernet-encapsulation", Format.FLAG, "RFC 2132 6.3");
    add(37, "tcp-default-ttl", Format.NUMBER8, "RFC 2132 7.1", 1, 255);
    add(38, "tcp-keepalive-interval", Format.NUMBER32, "RFC 2132 7.2");
    add(39, "tcp-keepalive-garbage", Format.FLAG, "RFC 2132 7.3");
    add(40, "nis-domain", Format.TEXT, "RFC 2132 8.1");
    add(41, "nis-servers", Format.ADDRESSES, "RFC 2132 8.2");
    add(42, "ntp", Format.ADDRESSES, "RFC 2132 8.3");
    add(43, "vendor", Format.VENDOR, "RFC 2132 8.4");
    add(44, "netbios-name-servers", Format.ADDRESSES, "RFC 2132 8.5");
    add(45, "netbios-datagram-servers", Format.ADDRESSES, "RFC 2132 8.6");
    add(46, "netbios-node-type", Format.NUMBER8, "RFC 2132 8.7", 1, 8);
    add(47, "netbios-scope", Format.TEXT, "RFC 2132 8.8");
    add(48, "x-font-servers", Format.ADDRESSES, "RFC 2132 8.9");
    add(49, "x-display-managers", Format.ADDRESSES, "RFC 2132 8.10");
    add(50, "requested-address", Format.ADDRESS, "RFC 2132 9.1");
    add(51, "lease-time", Format.NUMBER32, "RFC 2132 9.2");
    add(52, "overload", Format.NUMBER8, "RFC 2132 9.3", 1, 3);
    add(53, "message-type", Format.NUMBER8, "RFC 2132 9.6");
    add(54, "server-id", Format.ADDRESS, "RFC 2132 9.7");
    add(55, "parameter-list", Format.CODES, "RFC 2132 9.8");
    add(56, "message", Format.TEXT, "RFC 2132 9.9");
    add(57, "max-size", Format.NUMBER16, "RFC 2132 9.10", 576, 65_535);
    add(58, "t1", Format.NUMBER32, "RFC 2132 9.11");
    add(59, "t2", Format.NUMBER32, "RFC 2132 9.12");
    add(60, "vendor-class", Format.TEXT, "RFC 2132 9.13");
    add(61, "client-id", Format.BYTES, "RFC 2132 9.14, RFC 6842");
    add(62, "netware-domain", Format.TEXT, "RFC 2242 2");
    add(63, "netware", Format.BYTES, "RFC 2242 3");
    add(64, "nis-plus-domain", Format.TEXT, "RFC 2132 8.11");
    add(65, "nis-plus-servers", Format.ADDRESSES, "RFC 2132 8.12");
    add(66, "tftp-server", Format.TEXT, "RFC 2132 9.4");
    add(67, "boot-file", Format.TEXT, "RFC 2132 9.5");
    add(68, "mobile-ip-agents", Format.ADDRESSES, "RFC 2132 8.13");
    add(69, "smtp", Format.ADDRESSES, "RFC 2132 8.14");
    add(70, "pop3", Format.ADDRESSES, "RFC 2132 8.15");
    add(71, "nntp", Format.ADDRESSES, "RFC 2132 8.16");
    add(72, "www", Format.ADDRESSES, "RFC 2132 8.17");
    add(73, "finger", Format.ADDRESSES, "RFC 2132 8.18");
    add(74, "irc", Format.ADDRESSES, "RFC 2132 8.19");
    add(75, "streettalk", Format.ADDRESSES, "RFC 2132 8.20");
    add(76, "streettalk-directory", Format.ADDRESSES, "RFC 2132 8.21");
    add(77, "user-class", Format.BYTES, "RFC 3004");
    add(78, "slp-directory-agents", Format.BYTES, "RFC 2610 3");
    add(79, "slp-scope", Format.BYTES, "RFC 2610 4");
    add(80, "rapid-commit", Format.EMPTY, "RFC 4039 4");
    add(81, "fqdn", Format.FQDN, "RFC 4702 2");
    add(82, "relay-info", Format.RELAY, "RFC 3046 2");
    add(83, "isns", Format.BYTES, "RFC 4174 2");
    add(85, "nds-servers", Format.ADDRESSES, "RFC 2241 2");
    add(86, "nds-tree", Format.TEXT, "RFC 2241 3");
    add(87, "nds-context", Format.TEXT, "RFC 2241 4");
    add(88, "bcmcs-names", Format.PLAIN_NAMES, "RFC 4280 4.1");
    add(89, "bcmcs-addresses", Format.ADDRESSES, "RFC 4280 4.3");
    add(90, "authentication", Format.BYTES, "RFC 3118 2");
    add(91, "last-transaction", Format.NUMBER32, "RFC 4388 6.1");
    add(92, "associated-addresses", Format.ADDRESSES, "RFC 4388 6.1");
    add(93, "client-architecture", Format.NUMBERS16, "RFC 4578 2.1");
    add(94, "client-interface", Format.BYTES, "RFC 4578 2.2");
    add(97, "client-machine", Format.BYTES, "RFC 4578 2.3");
    add(98, "user-authentication", Format.TEXT, "RFC 2485");
    add(99, "civic-location", Format.BYTES, "RFC 4776 3.1");
    add(100, "posix-timezone", Format.TEXT, "RFC 4833 2");
    add(101, "tzdb-timezone", Format.TEXT, "RFC 4833 2");
    add(108, "ipv6-only", Format.NUMBER32, "RFC 8925 3.1");
    add(109, "dhcp4o6-source", Format.BYTES, "RFC 8539 4");
    add(112, "netinfo-address", Format.ADDRESSES, "RFC 3679");
    add(113, "netinfo-tag", Format.TEXT, "RFC 3679");
    add(114, "captive-portal", Format.URI, "RFC 8910 2.1");
    add(116, "auto-configure", Format.FLAG, "RFC 2563 2");
    add(117, "service-search", Format.NUMBERS16, "RFC 2937");
    add(118, "subnet-selection", Format.ADDRESS, "RFC 3011 2");
    add(119, "domain-search", Format.NAMES, "RFC 3397 2");
    add(120, "sip-servers", Format.SIP, "RFC 3361 3");
    add(121, "routes", Format.ROUTES, "RFC 3442");
    add(122, "cablelabs", Format.BYTES, "RFC 3495 4");
    add(123, "geo-location", Format.BYTES, "RFC 6225 2.2");
    add(124, "vendor-identifying-class", Format.BYTES, "RFC 3925 3");
    add(125, "vendor-identifying", Format.VENDORS, "RFC 3925 4");
    add(136, "pana-agents", Format.ADDRESSES, "RFC 5192 5");
    add(137, "lost-server", Format.PLAIN_NAMES, "RFC 5223 3");
    add(138, "capwap-controllers", Format.ADDRESSES, "RFC 5417 2");
    add(139, "mobility-addresses", Format.BYTES, "RFC 5678 2");
    add(140, "mobility-names", Format.BYTES, "RFC 5678 3");
    add(141, "sip-configuration-domains", Format.PLAIN_NAMES, "RFC 6011 3");
    add(142, "andsf-servers", Format.ADDRESSES, "RFC 6153 3");
    add(143, "sztp-redirect", Format.BYTES, "RFC 8572 8.1");
    add(144, "geo-loc", Format.BYTES, "RFC 6225 2.1");
    add(145, "forcerenew-nonce", Format.CODES, "RFC 6704 3.1.1");
    add(146, "rdnss-selection", Format.BYTES, "RFC 6731 4.3");
    add(147, "dots-name", Format.PLAIN_NAMES, "RFC 8973 5.1");
    add(148, "dots-addresses", Format.ADDRESSES, "RFC 8973 5.2");
    add(150, "tftp-addresses", Format.ADDRESSES, "RFC 5859 3");
    add(151, "status-code", Format.BYTES, "RFC 6926 6.2.2");
    add(152, "base-time", Format.NUMBER32, "RFC 6926 6.2.3");
    add(153, "start-time-of-state", Format.NUMBER32, "RFC 6926 6.2.4");
    add(154, "query-start-time", Format.NUMBER32, "RFC 6926 6.2.5");
    add(155, "query-end-time", Format.NUMBER32, "RFC 6926 6.2.6");
    add(156, "dhcp-state", Format.NUMBER8, "RFC 6926 6.2.7");
    add(157, "data-source", Format.NUMBER8, "RFC 6926 6.2.8");
    add(158, "pcp-servers", Format.BYTES, "RFC 7291 4");
    add(159, "port-parameters", Format.BYTES, "RFC 7618 9");
    add(161, "mud-url", Format.URI, "RFC 8520 10");
    add(162, "encrypted-dns", Format.DNR, "RFC 9463 5");
    add(208, "pxelinux-magic", Format.BYTES, "RFC 5071 3");
    add(209, "pxelinux-configuration", Format.TEXT, "RFC 5071 4");
    add(210, "pxelinux-prefix", Format.TEXT, "RFC 5071 5");
    add(211, "pxelinux-reboot-time", Format.NUMBER32, "RFC 5071 6");
    add(212, "6rd", Format.BYTES, "RFC 5969 7.1.1");
    add(213, "access-domain", Format.PLAIN_NAMES, "RFC 5986 3.2");
    add(220, "subnet-allocation", Format.BYTES, "RFC 6656 3");
    add(221, "virtual-subnet", Format.BYTES, "RFC 6607 3.1");
    add(252, "wpad", Format.TEXT, "draft-ietf-wrec-wpad-01 4.5.3");
  }

  private static void add(int code, String name, Format format, String rfc) {
    add(code, name, format, rfc, format.least(), format.most());
  }

  private static void add(int code, String name, Format format, String rfc, long least, long most) {
    KNOWN.put(code, new OptionKind(code, name, format, rfc, least, most));
  }

  /** The kind of a code; codes without a definition here are read as bytes. */
  public static OptionKind of(int code) {
    var known = KNOWN.get(code);
    return known != null ? known : custom(code, Format.BYTES);
  }

  static OptionKind custom(int code, Format format) {
    return new OptionKind(
        code, "option-" + code, format, "RFC 2132 2", format.least(), format.most());
  }

  /** All that are defined here. */
  public static Iterable<OptionKind> known() {
    return KNOWN.values();
  }

  /**
   * Reads a name of the table, a number from 1 to 254, or a number with a type for an option that
   * has none here, like {@code 224 number16}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static OptionKind parse(String text) {
    for (var kind : KNOWN.values()) {
      if (kind.name.equals(text)) {
        return kind;
      }
    }
    var parts = text.strip().split("\\s+", 2);
    int code;
    try {
      code = Integer.parseInt(parts[0]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no option; write a code from 1 to 254 or a name like ntp", e);
    }
    if (code < 1 || code > 254) {
      throw new IllegalArgumentException("option codes go from 1 to 254, not " + text);
    }
    if (parts.length == 1) {
      return of(code);
    }
    if (KNOWN.containsKey(code)) {
      throw new IllegalArgumentException(
          "option " + code + " is " + KNOWN.get(code).name + " and has its type already");
    }
    return custom(code, format(parts[1]));
  }

  /**
   * The format of a name as it is written in configuration.
   *
   * @throws IllegalArgumentException naming all there are
   */
  static Format format(String name) {
    for (var format : Format.values()) {
      if (spelled(format).equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + name
            + "\" is no type; there are "
            + Arrays.stream(Format.values())
                .map(OptionKind::spelled)
                .collect(Collectors.joining(", ")));
  }

  private static String spelled(Format format) {
    return format.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
