package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names every field of a DHCPv6 message, however broken it is. */
public final class Explain6 {
  private static final String MESSAGE = "RFC 8415 8";
  private static final String RELAY = "RFC 8415 9";

  private final byte[] bytes;
  private final List<Field> fields = new ArrayList<>();

  private Explain6(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The fields in the order of the bytes; the last one says where a broken message ends. */
  public static List<Field> explain(byte[] bytes) {
    var explain = new Explain6(bytes);
    explain.message(0, bytes.length, 0);
    return List.copyOf(explain.fields);
  }

  private void message(int from, int to, int depth) {
    if (to - from < 4) {
      add(from, to - from, "broken", "a message has at least 4 bytes", MESSAGE);
      return;
    }
    int code = bytes[from] & 0xFF;
    var type = MessageType6.of(code);
    add(from, 1, "type", code + " " + type.map(Enum::name).orElse("unknown"), "RFC 8415 7.3");
    boolean relay =
        code == MessageType6.RELAY_FORWARD.code() || code == MessageType6.RELAY_REPLY.code();
    if (!relay) {
      int id = (bytes[from + 1] & 0xFF) << 16 | Option6.uint16(bytes, from + 2);
      add(from + 1, 3, "transaction id", "0x%06x".formatted(id), MESSAGE);
      options(from + 4, to, depth);
      return;
    }
    if (to - from < 34) {
      add(from + 1, to - from - 1, "broken", "a relay's message has at least 34 bytes", RELAY);
      return;
    }
    add(from + 1, 1, "hop count", "" + (bytes[from + 1] & 0xFF), RELAY);
    add(from + 2, 16, "link address", Ip6.of(bytes, from + 2).toString(), RELAY);
    add(from + 18, 16, "peer address", Ip6.of(bytes, from + 18).toString(), RELAY);
    options(from + 34, to, depth);
  }

  private void options(int from, int to, int depth) {
    int at = from;
    while (at < to) {
      if (at + 4 > to || at + 4 + Option6.uint16(bytes, at + 2) > to) {
        add(at, to - at, "broken", "an option runs over the end", "RFC 8415 21.1");
        return;
      }
      option(at, Option6.uint16(bytes, at), Option6.uint16(bytes, at + 2), depth);
      at += 4 + Option6.uint16(bytes, at + 2);
    }
  }

  private void option(int at, int code, int length, int depth) {
    int value = at + 4;
    int end = value + length;
    boolean deeper = depth < Message6.MOST_RELAYS;
    if (code == Code6.RELAY_MESSAGE && deeper) {
      add(at, 4, "9 relay message", "a message of " + length + " bytes", "RFC 8415 21.10");
      message(value, end, depth + 1);
    } else if ((code == Code6.IA_NA || code == Code6.IA_PD) && length >= 12 && deeper) {
      var text =
          "iaid %d, t1 %d s, t2 %d s"
              .formatted(uint32(value), uint32(value + 4), uint32(value + 8));
      boolean addresses = code == Code6.IA_NA;
      add(
          at,
          16,
          addresses ? "3 addresses" : "25 prefixes",
          text,
          addresses ? "RFC 8415 21.4" : "RFC 8415 21.21");
      options(value + 12, end, depth + 1);
    } else if (code == Code6.IA_ADDRESS && length >= 24 && deeper) {
      var text =
          Ip6.of(bytes, value)
              + ", preferred %d s, valid %d s".formatted(uint32(value + 16), uint32(value + 20));
      add(at, 28, "5 address", text, "RFC 8415 21.6");
      options(value + 24, end, depth + 1);
    } else if (code == Code6.IA_PREFIX && length >= 25 && deeper) {
      var text =
          Ip6.of(bytes, value + 9)
              + "/"
              + (bytes[value + 8] & 0xFF)
              + ", preferred %d s, valid %d s".formatted(uint32(value), uint32(value + 4));
      add(at, 29, "26 prefix", text, "RFC 8415 21.22");
      options(value + 25, end, depth + 1);
    } else {
      plain(at, code, Octets.of(bytes, value, length));
    }
  }

  private void plain(int at, int code, Octets value) {
    int size = value.size();
    String name;
    String text = value.toString();
    String rfc = "RFC 8415 21.1";
    switch (code) {
      case Code6.CLIENT_ID -> {
        name = "client identifier";
        rfc = "RFC 8415 21.2";
      }
      case Code6.SERVER_ID -> {
        name = "server identifier";
        rfc = "RFC 8415 21.3";
      }
      case Code6.OPTION_REQUEST -> {
        name = "option request";
        var codes = new ArrayList<Integer>();
        for (int i = 0; i + 2 <= size; i += 2) {
          codes.add(value.uint16(i));
        }
        text = codes.toString();
        rfc = "RFC 8415 21.7";
      }
      case Code6.ELAPSED -> {
        name = "elapsed time";
        text = size == 2 ? value.uint16(0) * 10 + " ms" : text;
        rfc = "RFC 8415 21.9";
      }
      case Code6.STATUS -> {
        name = "status";
        text =
            size < 2
                ? text
                : value.uint16(0)
                    + " "
                    + new String(value.from(2).toBytes(), StandardCharsets.UTF_8);
        rfc = "RFC 8415 21.13";
      }
      case Code6.RAPID_COMMIT -> {
        name = "rapid commit";
        rfc = "RFC 8415 21.14";
      }
      case Code6.INTERFACE_ID -> {
        name = "interface identifier";
        rfc = "RFC 8415 21.18";
      }
      case Code6.DNS -> {
        name = "DNS servers";
        text = addresses(value);
        rfc = "RFC 3646 3";
      }
      case Code6.DOMAIN_SEARCH -> {
        name = "domains to search";
        text = DomainNames.decode(value.toBytes()).map(Object::toString).orElse(text);
        rfc = "RFC 3646 4";
      }
      case Code6.REFRESH_TIME -> {
        name = "information refresh time";
        text = seconds(value);
        rfc = "RFC 8415 21.23";
      }
      case Code6.SOL_MAX_RT -> {
        name = "SOL_MAX_RT";
        text = seconds(value);
        rfc = "RFC 8415 21.24";
      }
      case Code6.INF_MAX_RT -> {
        name = "INF_MAX_RT";
        text = seconds(value);
        rfc = "RFC 8415 21.25";
      }
      case Code6.FQDN -> {
        name = "client's name";
        rfc = "RFC 4704 4";
      }
      case Code6.NTP -> {
        name = "time servers";
        rfc = "RFC 5908 4";
      }
      case Code6.CLIENT_LINK_LAYER -> {
        name = "client's link-layer address";
        rfc = "RFC 6939 4";
      }
      case Code6.CAPTIVE_PORTAL -> {
        name = "captive portal";
        text = new String(value.toBytes(), StandardCharsets.US_ASCII);
        rfc = "RFC 8910 2.2";
      }
      default -> name = "option";
    }
    add(at, 4 + size, code + " " + name, text, rfc);
  }

  private static String addresses(Octets value) {
    var all = new ArrayList<Ip6>();
    for (int i = 0; i + 16 <= value.size(); i += 16) {
      all.add(Ip6.of(value.toBytes(), i));
    }
    return all.toString();
  }

  private static String seconds(Octets value) {
    return value.size() == 4
        ? Integer.toUnsignedString(value.int32(0)) + " s"
        : "does not fit its format: " + value;
  }

  private long uint32(int at) {
    return (long) Option6.uint16(bytes, at) << 16 | Option6.uint16(bytes, at + 2);
  }

  private void add(int offset, int length, String name, String value, String rfc) {
    fields.add(new Field(offset, length, name, value, rfc));
  }
}
