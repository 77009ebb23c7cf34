package dev.islet.dhcp.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Domain names in the encoding of DNS (RFC 1035 sections 3.1 and 4.1.4). */
public final class DomainNames {
  private static final int POINTER = 0xC0;

  private DomainNames() {}

  /**
   * One name without compression, ended by the root.
   *
   * @throws IllegalArgumentException if a label or the name is too long, or a label is empty
   */
  public static byte[] encode(String name) {
    return encode(List.of(name));
  }

  /** Several names one after another, later ones pointing into earlier ones (RFC 3397). */
  public static byte[] encode(List<String> names) {
    var out = new ByteArrayOutputStream();
    var seen = new HashMap<String, Integer>();
    for (var name : names) {
      append(strip(name), out, seen);
    }
    return out.toByteArray();
  }

  private static void append(String name, ByteArrayOutputStream out, Map<String, Integer> seen) {
    if (name.length() > 253) {
      throw new IllegalArgumentException("a domain name has at most 253 characters: " + name);
    }
    var rest = name;
    while (!rest.isEmpty()) {
      var earlier = seen.get(rest);
      if (earlier != null) {
        out.write(POINTER | earlier >> 8);
        out.write(earlier & 255);
        return;
      }
      if (out.size() < 0x4000) {
        seen.put(rest, out.size());
      }
      int dot = rest.indexOf('.');
      var label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.UTF_8);
      if (label.length == 0 || label.length > 63) {
        throw new IllegalArgumentException("a label has 1 to 63 bytes: " + name);
      }
      out.write(label.length);
      out.writeBytes(label);
      rest = dot < 0 ? "" : rest.substring(dot + 1);
    }
    out.write(0);
  }

  /**
   * Reads names until the end; empty if the bytes are not names. Pointers must point backwards,
   * which also rules out loops.
   */
  public static Optional<List<String>> decode(byte[] bytes) {
    var names = new ArrayList<String>();
    int at = 0;
    while (at < bytes.length) {
      var name = new StringBuilder();
      int next = -1;
      int from = at;
      int limit = at;
      while (true) {
        if (from >= bytes.length) {
          return Optional.empty();
        }
        int length = bytes[from] & 0xFF;
        if (length == 0) {
          next = next < 0 ? from + 1 : next;
          break;
        }
        if ((length & POINTER) == POINTER) {
          if (from + 1 >= bytes.length) {
            return Optional.empty();
          }
          int target = (length & 0x3F) << 8 | bytes[from + 1] & 0xFF;
          next = next < 0 ? from + 2 : next;
          if (target >= limit) {
            return Optional.empty();
          }
          limit = target;
          from = target;
        } else if (length > 63 || from + 1 + length > bytes.length) {
          return Optional.empty();
        } else {
          name.append(name.isEmpty() ? "" : ".")
              .append(new String(bytes, from + 1, length, StandardCharsets.ISO_8859_1));
          from += 1 + length;
        }
        if (name.length() > 255) {
          return Optional.empty();
        }
      }
      names.add(name.toString());
      at = next;
    }
    return Optional.of(List.copyOf(names));
  }

  private static String strip(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
