package dev.islet.dhcp.wire;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Route;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Option values to bytes and back. */
public final class OptionCodec {
  private OptionCodec() {}

  /** The bytes of a value, without code and length. */
  public static Octets encode(OptionData data) {
    return switch (data) {
      case OptionData.Addresses(var addresses) -> addresses(addresses);
      case OptionData.Text(var text) -> text(text);
      case OptionData.Number(var value, var bytes) -> number(value, bytes);
      case OptionData.Codes(var codes) -> {
        var out = new byte[codes.size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = codes.get(i).byteValue();
        }
        yield Octets.of(out);
      }
      case OptionData.Numbers(var numbers) ->
          numbers.stream().map(n -> number(n, 2)).reduce(Octets.EMPTY, Octets::plus);
      case OptionData.Names(var names) -> Octets.of(DomainNames.encode(names));
      case OptionData.Routes(var routes) -> routes(routes);
      case OptionData.Fqdn fqdn -> fqdn(fqdn);
      case OptionData.Relay(var info) -> relay(info);
      case OptionData.Empty() -> Octets.EMPTY;
      case OptionData.Bytes(var bytes) -> bytes;
    };
  }

  /** The value of an option's bytes; empty if they do not fit the option's format. */
  public static Optional<OptionData> decode(OptionKind.Format format, Octets bytes) {
    int size = bytes.size();
    return switch (format) {
      case ADDRESS -> size == 4 ? Optional.of(readAddresses(bytes)) : Optional.empty();
      case ADDRESSES ->
          size > 0 && size % 4 == 0 ? Optional.of(readAddresses(bytes)) : Optional.empty();
      case PAIRS ->
          size > 0 && size % 8 == 0 ? Optional.of(readAddresses(bytes)) : Optional.empty();
      case TEXT, URI -> size > 0 ? Optional.of(readText(bytes)) : Optional.empty();
      case FLAG, NUMBER8 -> number(bytes, 1);
      case NUMBER16 -> number(bytes, 2);
      case NUMBER32 -> number(bytes, 4);
      case SIGNED32 ->
          size == 4 ? Optional.of(new OptionData.Number(bytes.int32(0), 4)) : Optional.empty();
      case NUMBERS16 -> {
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i + 1 < size; i += 2) {
          numbers.add(bytes.uint16(i));
        }
        yield size > 0 && size % 2 == 0
            ? Optional.of(new OptionData.Numbers(numbers))
            : Optional.empty();
      }
      case CODES -> {
        var codes = new ArrayList<Integer>();
        for (int i = 0; i < size; i++) {
          codes.add(bytes.at(i));
        }
        yield size > 0 ? Optional.of(new OptionData.Codes(codes)) : Optional.empty();
      }
      case NAMES, PLAIN_NAMES ->
          size > 0
              ? DomainNames.decode(bytes.toBytes()).map(OptionData.Names::new)
              : Optional.empty();
      case ROUTES -> readRoutes(bytes).map(r -> r);
      case FQDN -> readFqdn(bytes).map(f -> f);
      case RELAY ->
          size >= 2 ? Optional.of(new OptionData.Relay(RelayInfo.read(bytes))) : Optional.empty();
      case EMPTY -> size == 0 ? Optional.of(new OptionData.Empty()) : Optional.empty();
      case VENDOR, VENDORS, SIP, DNR, BYTES -> Optional.of(new OptionData.Bytes(bytes));
    };
  }

  /** Addresses one after another. */
  public static Octets addresses(List<Ip4> addresses) {
    var out = new byte[4 * addresses.size()];
    for (int i = 0; i < addresses.size(); i++) {
      System.arraycopy(addresses.get(i).toBytes(), 0, out, 4 * i, 4);
    }
    return Octets.of(out);
  }

  /** One address. */
  public static Octets address(Ip4 address) {
    return Octets.of(address.toBytes());
  }

  /** Characters in UTF-8, without a terminator. */
  public static Octets text(String text) {
    return Octets.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** An unsigned number, highest byte first. */
  public static Octets number(long value, int bytes) {
    var out = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      out[i] = (byte) (value >>> 8 * (bytes - 1 - i));
    }
    return Octets.of(out);
  }

  /** Option 81 of a reply: response codes are 255, as RFC 4702 section 2.2 wants. */
  public static Octets fqdn(OptionData.Fqdn fqdn) {
    var head = Octets.of((byte) fqdn.flags(), (byte) 255, (byte) 255);
    if (!fqdn.has(OptionData.Fqdn.E)) {
      return head.plus(text(fqdn.complete() ? fqdn.name() + "." : fqdn.name()));
    }
    var wire = Octets.of(fqdn.name().isEmpty() ? new byte[0] : DomainNames.encode(fqdn.name()));
    return head.plus(
        fqdn.complete() || wire.size() == 0 ? wire : Octets.of(wire.toBytes(), 0, wire.size() - 1));
  }

  /** Reads option 81; empty if it is too short or its name is no name. */
  public static Optional<OptionData.Fqdn> readFqdn(Octets bytes) {
    if (bytes.size() < 3) {
      return Optional.empty();
    }
    int flags = bytes.at(0);
    var rest = bytes.from(3);
    if (rest.size() == 0) {
      return Optional.of(new OptionData.Fqdn(flags, "", false));
    }
    if ((flags & OptionData.Fqdn.E) == 0) {
      var text = readText(rest).text();
      boolean complete = text.endsWith(".");
      return Optional.of(
          new OptionData.Fqdn(
              flags, complete ? text.substring(0, text.length() - 1) : text, complete));
    }
    var whole = DomainNames.decode(rest.toBytes());
    boolean complete = whole.isPresent();
    if (!complete) {
      // RFC 4702 section 2.3.1: a partial name is not ended by the root.
      whole = DomainNames.decode(rest.plus(Octets.of((byte) 0)).toBytes());
    }
    return whole
        .filter(names -> names.size() == 1)
        .map(names -> new OptionData.Fqdn(flags, names.getFirst(), complete));
  }

  private static OptionData.Addresses readAddresses(Octets bytes) {
    var addresses = new ArrayList<Ip4>();
    for (int i = 0; i + 4 <= bytes.size(); i += 4) {
      addresses.add(new Ip4(bytes.int32(i)));
    }
    return new OptionData.Addresses(addresses);
  }

  static OptionData.Text readText(Octets bytes) {
    var text = new String(bytes.toBytes(), StandardCharsets.UTF_8);
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return new OptionData.Text(text.substring(0, end));
  }

  private static Optional<OptionData> number(Octets bytes, int size) {
    if (bytes.size() != size) {
      return Optional.empty();
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | bytes.at(i);
    }
    return Optional.of(new OptionData.Number(value, size));
  }

  /** RFC 3442: the length of the network, its significant bytes, the router. */
  private static Octets routes(List<Route> routes) {
    var out = new ByteArrayOutputStream();
    for (var route : routes) {
      int length = route.to().length();
      out.write(length);
      out.write(route.to().address().getAddress(), 0, (length + 7) / 8);
      out.writeBytes(route.via().toBytes());
    }
    return Octets.of(out.toByteArray());
  }

  private static Optional<OptionData.Routes> readRoutes(Octets bytes) {
    var routes = new ArrayList<Route>();
    int at = 0;
    while (at < bytes.size()) {
      int length = bytes.at(at);
      int significant = (length + 7) / 8;
      if (length > 32 || at + 1 + significant + 4 > bytes.size()) {
        return Optional.empty();
      }
      int network = 0;
      for (int i = 0; i < significant; i++) {
        network |= bytes.at(at + 1 + i) << 24 - 8 * i;
      }
      var to = Prefix.of(new Ip4(network).toInet(), length);
      routes.add(new Route(to, new Ip4(bytes.int32(at + 1 + significant))));
      at += 1 + significant + 4;
    }
    return routes.isEmpty() ? Optional.empty() : Optional.of(new OptionData.Routes(routes));
  }

  private static Octets relay(RelayInfo info) {
    var out = new ByteArrayOutputStream();
    info.parts()
        .forEach(
            (code, value) -> {
              out.write(code);
              out.write(value.size());
              out.writeBytes(value.toBytes());
            });
    return Octets.of(out.toByteArray());
  }
}
