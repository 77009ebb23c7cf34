package dev.islet.dns.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The part of {@link RecordText} that reads parameters of services, those that everybody has: alpn,
 * port, ipv4hint and ipv6hint in the order of their numbers, with values that need no escapes (RFC
 * 9460 section 2.1).
 */
final class ServiceText {
  private static final int ALPN = 1;
  private static final int PORT = 3;
  private static final int IPV4HINT = 4;
  private static final int IPV6HINT = 6;
  private static final int[] NUMBERS = {ALPN, PORT, IPV4HINT, IPV6HINT};
  private static final byte[][] KEYS = {
    octets("alpn"), octets("port"), octets("ipv4hint"), octets("ipv6hint")
  };

  private ServiceText() {}

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static boolean read(RecordText to, MasterEntries entry, int from) {
    int last = 0;
    for (int word = from; word < entry.words(); word++) {
      int equals = entry.from(word);
      int end = entry.end(word);
      while (equals < end && entry.bytes()[equals] != '=') {
        equals++;
      }
      int key = entry.isQuoted(word) || equals == end ? -1 : key(entry, word, equals);
      if (key <= last || entry.isEscaped(word)) {
        return false;
      }
      last = key;
      int at = equals + 1;
      if (at == end) { // the value is in quotes, a word of its own
        if (++word >= entry.words() || !entry.isQuoted(word) || entry.isEscaped(word)) {
          return false;
        }
        at = entry.from(word);
        end = entry.end(word);
      }
      to.put16(key);
      int value = to.open();
      if (!values(to, entry.bytes(), key, at, end)) {
        return false;
      }
      to.close(value);
    }
    return true;
  }

  private static int key(MasterEntries entry, int word, int end) {
    for (int i = 0; i < KEYS.length; i++) {
      if (Arrays.equals(KEYS[i], 0, KEYS[i].length, entry.bytes(), entry.from(word), end)) {
        return NUMBERS[i];
      }
    }
    return -1;
  }

  /** Values between commas; a port is only one. */
  private static boolean values(RecordText to, byte[] bytes, int key, int from, int end) {
    int at = from;
    do {
      int comma = at;
      while (comma < end && bytes[comma] != ',') {
        comma++;
      }
      if (comma == at || key == PORT && comma < end || !value(to, bytes, key, at, comma)) {
        return false;
      }
      at = comma + 1;
    } while (at < end);
    return at == end + 1;
  }

  private static boolean value(RecordText to, byte[] bytes, int key, int from, int end) {
    return switch (key) {
      case ALPN -> {
        to.put8(end - from);
        to.put(bytes, from, end);
        yield end - from <= 255;
      }
      case PORT -> {
        long port = RecordText.number(bytes, from, end, 0xFFFF);
        to.put16((int) port);
        yield port >= 0;
      }
      case IPV4HINT -> to.ipv4(bytes, from, end);
      default -> to.ipv6(bytes, from, end);
    };
  }
}
