package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sub-options of option 82 (RFC 3046).
 *
 * @param parts value by sub-option code, in the order they came
 */
public record RelayInfo(Map<Integer, Octets> parts) {
  /** Circuit the client hangs on. */
  public static final int CIRCUIT_ID = 1;

  /** The remote end of the circuit. */
  public static final int REMOTE_ID = 2;

  /** An address in the client's network (RFC 3527). */
  public static final int LINK_SELECTION = 5;

  /** What the server shall call itself (RFC 5107). */
  public static final int SERVER_OVERRIDE = 11;

  /** The relay listens on the port it sent from (RFC 8357). */
  public static final int RELAY_PORT = 19;

  /** Nothing. */
  public static final RelayInfo NONE = new RelayInfo(Map.of());

  public RelayInfo {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /** Reads the sub-options; a part that runs over the end is left out, the option is opaque. */
  public static RelayInfo read(Octets option) {
    var parts = new LinkedHashMap<Integer, Octets>();
    int at = 0;
    while (at + 2 <= option.size()) {
      int length = option.at(at + 1);
      if (at + 2 + length > option.size()) {
        break;
      }
      parts.putIfAbsent(option.at(at), Octets.of(option.toBytes(), at + 2, length));
      at += 2 + length;
    }
    return new RelayInfo(parts);
  }

  /** The address in a sub-option, if it is there and four bytes long. */
  public Optional<Ip4> address(int code) {
    var part = parts.get(code);
    return part == null || part.size() != 4
        ? Optional.empty()
        : Optional.of(new Ip4(part.int32(0)));
  }

  /** Whether a sub-option is there. */
  public boolean has(int code) {
    return parts.containsKey(code);
  }
}
