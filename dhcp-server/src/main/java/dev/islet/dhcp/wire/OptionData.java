package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Route;
import java.util.List;

/** The value of an option, as what it means. {@link OptionCodec} turns it into bytes and back. */
public sealed interface OptionData {
  /** One address or several. */
  record Addresses(List<Ip4> addresses) implements OptionData {
    public Addresses {
      addresses = List.copyOf(addresses);
    }
  }

  /** Characters; a trailing NUL that some clients send is not part of it. */
  record Text(String text) implements OptionData {}

  /** An unsigned number of one, two or four bytes. */
  record Number(long value, int bytes) implements OptionData {}

  /** Unsigned numbers of two bytes. */
  record Numbers(List<Integer> numbers) implements OptionData {
    public Numbers {
      numbers = List.copyOf(numbers);
    }
  }

  /** Option codes. */
  record Codes(List<Integer> codes) implements OptionData {
    public Codes {
      codes = List.copyOf(codes);
    }
  }

  /** Domain names in the encoding of DNS with compression (RFC 3397). */
  record Names(List<String> names) implements OptionData {
    public Names {
      names = List.copyOf(names);
    }
  }

  /** Classless routes (RFC 3442). */
  record Routes(List<Route> routes) implements OptionData {
    public Routes {
      routes = List.copyOf(routes);
    }
  }

  /**
   * A client's wish for its name (RFC 4702).
   *
   * @param flags bits N (8), E (4), O (2), S (1)
   * @param name without a final dot; may be a single label
   * @param complete whether the client ended it with the root
   */
  record Fqdn(int flags, String name, boolean complete) implements OptionData {
    /** The server shall do the address record. */
    public static final int S = 1;

    /** The server has overridden S. */
    public static final int O = 2;

    /** The name is in the encoding of DNS, not ASCII. */
    public static final int E = 4;

    /** The server shall do no update. */
    public static final int N = 8;

    /** Whether a flag is set. */
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /** What a relay has added (RFC 3046). */
  record Relay(RelayInfo info) implements OptionData {}

  /** No bytes; being there is all it says. */
  record Empty() implements OptionData {}

  /** Anything else. */
  record Bytes(Octets bytes) implements OptionData {}
}
