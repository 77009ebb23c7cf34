package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A DNS server that is reached with encryption, in option 162 (RFC 9463 section 5).
 *
 * <pre>
 * length 2 | priority 2 | name length 1 | name | addresses length 1 | addresses | parameters
 * </pre>
 */
final class EncryptedDns {
  // Service parameters of RFC 9460 and RFC 9461.
  private static final int ALPN = 1;
  private static final int PORT = 3;
  private static final int DOH_PATH = 7;

  private EncryptedDns() {}

  /** Reads {@code 1 dot.home.arpa 192.168.7.1 alpn=dot port=853 dohpath=/dns-query{?dns}}. */
  static Octets parse(String text) {
    var words = text.split("\\s+");
    if (words.length < 3) {
      throw new IllegalArgumentException(
          "expected PRIORITY NAME ADDRESS… and parameters like alpn=dot, not \"" + text + "\"");
    }
    int priority;
    try {
      priority = Integer.parseInt(words[0]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + words[0] + "\" is not a priority", e);
    }
    if (priority < 1 || priority > 65_535) {
      throw new IllegalArgumentException("priorities go from 1 to 65535, not " + priority);
    }
    var addresses = new ArrayList<Ip4>();
    var parameters = new TreeMap<Integer, Octets>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 0) {
        addresses.add(Ip4.parse(words[i]));
      } else {
        parameter(words[i].substring(0, equals), words[i].substring(equals + 1), parameters);
      }
    }
    if (addresses.isEmpty() || !parameters.containsKey(ALPN)) {
      throw new IllegalArgumentException("expected an address and alpn=… in \"" + text + "\"");
    }
    var name = OptionText.plainNames(List.of(words[1]));
    var rest =
        OptionCodec.number(priority, 2)
            .plus(sized(name, 1))
            .plus(sized(OptionCodec.addresses(addresses), 1));
    for (var parameter : parameters.entrySet()) {
      rest =
          rest.plus(OptionCodec.number(parameter.getKey(), 2)).plus(sized(parameter.getValue(), 2));
    }
    return sized(rest, 2);
  }

  private static void parameter(String key, String value, TreeMap<Integer, Octets> into) {
    switch (key) {
      case "alpn" -> {
        var list = Octets.EMPTY;
        for (var protocol : value.split(",")) {
          list = list.plus(sized(OptionText.ascii(protocol), 1));
        }
        into.put(ALPN, list);
      }
      case "port" -> {
        try {
          into.put(PORT, OptionCodec.number(Integer.parseInt(value), 2));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("\"" + value + "\" is not a port", e);
        }
      }
      case "dohpath" -> into.put(DOH_PATH, OptionText.ascii(value));
      default ->
          throw new IllegalArgumentException(
              "\"" + key + "\" is no parameter; there are alpn, port and dohpath");
    }
  }

  private static Octets sized(Octets value, int bytes) {
    return OptionCodec.number(value.size(), bytes).plus(value);
  }
}
