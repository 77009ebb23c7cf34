package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Names every field of a message, however broken it is. */
public final class Explain {
  private static final String HEADER = "RFC 2131 2";

  private final byte[] bytes;
  private final List<Field> fields = new ArrayList<>();

  private Explain(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The fields in the order of the bytes; the last one says where a broken message ends. */
  public static List<Field> explain(byte[] bytes) {
    var explain = new Explain(bytes);
    explain.run();
    return List.copyOf(explain.fields);
  }

  private void run() {
    if (bytes.length < Message.HEADER) {
      add(0, bytes.length, "truncated", "a message has at least 240 bytes", HEADER);
      return;
    }
    add(0, 1, "op", bytes[0] == 1 ? "1 request" : bytes[0] == 2 ? "2 reply" : "" + bytes[0]);
    add(1, 1, "htype", (bytes[1] & 0xFF) + (bytes[1] == 1 ? " Ethernet" : ""));
    int hlen = bytes[2] & 0xFF;
    add(2, 1, "hlen", "" + hlen);
    add(3, 1, "hops", "" + (bytes[3] & 0xFF));
    add(4, 4, "xid", "0x%08x".formatted(Ip4.of(bytes, 4).bits()));
    add(8, 2, "secs", "" + (Ip4.of(bytes, 8).bits() >>> 16));
    int flags = Ip4.of(bytes, 8).bits() & 0xFFFF;
    add(10, 2, "flags", "0x%04x%s".formatted(flags, (flags & 0x8000) != 0 ? " broadcast" : ""));
    add(12, 4, "ciaddr", Ip4.of(bytes, 12).toString());
    add(16, 4, "yiaddr", Ip4.of(bytes, 16).toString());
    add(20, 4, "siaddr", Ip4.of(bytes, 20).toString());
    add(24, 4, "giaddr", Ip4.of(bytes, 24).toString());
    add(28, 16, "chaddr", Octets.of(bytes, 28, Math.min(16, hlen)).toString());
    int overload = overload();
    area(44, 64, "sname", (overload & 2) != 0);
    area(108, 128, "file", (overload & 1) != 0);
    int cookie = Ip4.of(bytes, 236).bits();
    add(236, 4, "magic cookie", cookie == 0x63825363 ? "right" : "wrong", "RFC 2131 3");
    options(Message.HEADER, bytes.length);
  }

  private void area(int from, int length, String name, boolean overloaded) {
    if (overloaded) {
      options(from, from + length);
      return;
    }
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    add(from, length, name, printable(Octets.of(bytes, from, end - from)));
  }

  /** Option 52, looked for ahead of time since it tells what sname and file are. */
  private int overload() {
    int at = Message.HEADER;
    while (at + 2 < bytes.length && (bytes[at] & 0xFF) != Code.END) {
      if (bytes[at] == Code.PAD) {
        at++;
      } else if (bytes[at] == Code.OVERLOAD) {
        return bytes[at + 2] & 3;
      } else {
        at += 2 + (bytes[at + 1] & 0xFF);
      }
    }
    return 0;
  }

  private void options(int from, int to) {
    int at = from;
    while (at < to) {
      int code = bytes[at] & 0xFF;
      if (code == Code.PAD) {
        int start = at;
        while (at < to && bytes[at] == Code.PAD) {
          at++;
        }
        add(start, at - start, "pad", "", "RFC 2132 3.1");
        continue;
      }
      if (code == Code.END) {
        add(at, 1, "end", "", "RFC 2132 3.2");
        if (at + 1 < to) {
          add(at + 1, to - at - 1, "padding", "", "RFC 2131 4.1");
        }
        return;
      }
      if (at + 1 >= to || at + 2 + (bytes[at + 1] & 0xFF) > to) {
        add(at, to - at, "broken", "option " + code + " runs over the end", "RFC 2132 2");
        return;
      }
      int length = bytes[at + 1] & 0xFF;
      var kind = OptionKind.of(code);
      var value = Octets.of(bytes, at + 2, length);
      var text =
          code == Code.MESSAGE_TYPE && length == 1
              ? MessageType.of(value.at(0)).map(Enum::name).orElse("unknown " + value)
              : OptionCodec.decode(kind.format(), value)
                  .map(Explain::show)
                  .orElse("does not fit its format: " + value);
      add(at, 2 + length, code + " " + kind.name(), text, kind.rfc());
      at += 2 + length;
    }
  }

  private static String show(OptionData data) {
    return switch (data) {
      case OptionData.Addresses(var addresses) ->
          addresses.stream().map(Ip4::toString).collect(Collectors.joining(", "));
      case OptionData.Text(var text) -> printable(OptionCodec.text(text));
      case OptionData.Number(var value, var size) -> "" + value;
      case OptionData.Numbers(var numbers) ->
          numbers.stream().map(Object::toString).collect(Collectors.joining(", "));
      case OptionData.Codes(var codes) ->
          codes.stream().map(c -> OptionKind.of(c).name()).collect(Collectors.joining(", "));
      case OptionData.Names(var names) -> String.join(", ", names);
      case OptionData.Routes(var routes) ->
          routes.stream().map(Object::toString).collect(Collectors.joining(", "));
      case OptionData.Fqdn fqdn ->
          fqdn.name()
              + (fqdn.complete() ? "." : "")
              + (fqdn.has(OptionData.Fqdn.S) ? " S" : "")
              + (fqdn.has(OptionData.Fqdn.O) ? " O" : "")
              + (fqdn.has(OptionData.Fqdn.E) ? " E" : "")
              + (fqdn.has(OptionData.Fqdn.N) ? " N" : "");
      case OptionData.Relay(var info) -> info.parts().toString();
      case OptionData.Empty() -> "present";
      case OptionData.Bytes(var bytes) -> bytes.toString();
    };
  }

  private static String printable(Octets bytes) {
    var out = new StringBuilder();
    for (int i = 0; i < bytes.size(); i++) {
      int b = bytes.at(i);
      out.append(b >= 0x20 && b < 0x7F ? String.valueOf((char) b) : "\\x%02x".formatted(b));
    }
    return out.toString();
  }

  private void add(int offset, int length, String name, String value) {
    add(offset, length, name, value, HEADER);
  }

  private void add(int offset, int length, String name, String value, String rfc) {
    fields.add(new Field(offset, length, name, value, rfc));
  }
}
