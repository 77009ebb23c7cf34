package dev.islet.dns.wire;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.xbill.DNS.Type;

/**
 * The part of {@link RecordText} that reads keys, digests and proofs (RFC 4034, 4255, 5155, 6698).
 */
final class SecureText {
  private SecureText() {}

  static boolean read(RecordText to, MasterEntries entry, int type, int from, byte[] origin) {
    return switch (type) {
      case Type.DS, Type.CDS -> ds(to, entry, from);
      case Type.DNSKEY, Type.CDNSKEY ->
          entry.words() > from + 3
              && to.u16(entry, from)
              && to.u8(entry, from + 1)
              && to.u8(entry, from + 2)
              && base64(to, entry, from + 3);
      case Type.TLSA ->
          entry.words() > from + 3
              && to.u8(entry, from)
              && to.u8(entry, from + 1)
              && to.u8(entry, from + 2)
              && hex(to, entry, from + 3) > 0;
      case Type.SSHFP ->
          entry.words() > from + 2
              && to.u8(entry, from)
              && to.u8(entry, from + 1)
              && hex(to, entry, from + 2) == digest(entry, from + 1);
      case Type.NSEC3PARAM -> entry.words() == from + 4 && hashing(to, entry, from);
      case Type.RRSIG -> rrsig(to, entry, from, origin);
      case Type.NSEC -> to.name(entry, from, origin) && bitmap(to, entry, from + 1);
      case Type.NSEC3 -> nsec3(to, entry, from);
      default -> false;
    };
  }

  /** Tag, algorithm, kind of digest, and a digest of the kind's length (RFC 4034 section 5.3). */
  private static boolean ds(RecordText to, MasterEntries entry, int from) {
    if (entry.words() <= from + 3
        || !to.u16(entry, from)
        || !to.u8(entry, from + 1)
        || !to.u8(entry, from + 2)) {
      return false;
    }
    return hex(to, entry, from + 3) == digest(entry, from + 2);
  }

  /** The length of a digest of a kind, which 1 and 2 are the same for keys and for hosts. */
  private static int digest(MasterEntries entry, int kind) {
    return switch ((int) RecordText.number(entry, kind, 0xFF)) {
      case 1 -> 20;
      case 2 -> 32;
      case 4 -> 48;
      default -> -2;
    };
  }

  /** RFC 4034 section 3.2, with both times as 14 digits. */
  private static boolean rrsig(RecordText to, MasterEntries entry, int from, byte[] origin) {
    if (entry.words() < from + 9 || entry.isQuoted(from)) {
      return false;
    }
    int covered = type(entry, from);
    long ttl = RecordText.number(entry, from + 3, Integer.MAX_VALUE);
    if (covered < 0 || ttl < 0) {
      return false;
    }
    to.put16(covered);
    if (!to.u8(entry, from + 1) || !to.u8(entry, from + 2)) {
      return false;
    }
    to.put16((int) (ttl >> 16));
    to.put16((int) ttl);
    return time(to, entry, from + 4)
        && time(to, entry, from + 5)
        && to.u16(entry, from + 6)
        && to.name(entry, from + 7, origin)
        && base64(to, entry, from + 8);
  }

  /** Seconds since 1970 modulo 2^32, from YYYYMMDDHHmmSS (RFC 4034 section 3.2). */
  private static boolean time(RecordText to, MasterEntries entry, int word) {
    var bytes = entry.bytes();
    int at = entry.from(word);
    if (entry.end(word) - at != 14 || entry.isQuoted(word)) {
      return false;
    }
    var fields = new int[7];
    for (int i = 0; i < 14; i++) {
      int digit = bytes[at + i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      fields[i / 2] = fields[i / 2] * 10 + digit;
    }
    try {
      long seconds =
          LocalDateTime.of(
                  fields[0] * 100 + fields[1],
                  fields[2],
                  fields[3],
                  fields[4],
                  fields[5],
                  fields[6])
              .toEpochSecond(ZoneOffset.UTC);
      if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
        return false;
      }
      to.put16((int) (seconds >> 16));
      to.put16((int) seconds);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** RFC 5155 section 3.3. */
  private static boolean nsec3(RecordText to, MasterEntries entry, int from) {
    return entry.words() >= from + 5
        && hashing(to, entry, from)
        && base32(to, entry, from + 4)
        && bitmap(to, entry, from + 5);
  }

  /** How names are hashed, with the salt after its length (RFC 5155 section 4.3). */
  private static boolean hashing(RecordText to, MasterEntries entry, int from) {
    if (!to.u8(entry, from) || !to.u8(entry, from + 1) || !to.u16(entry, from + 2)) {
      return false;
    }
    int salt = entry.from(from + 3);
    int salted = entry.end(from + 3) - salt;
    if (salted == 1 && entry.bytes()[salt] == '-' && !entry.isQuoted(from + 3)) {
      to.put8(0);
      return true;
    }
    if (salted % 2 != 0 || salted == 0 || salted > 510) {
      return false;
    }
    to.put8(salted / 2);
    return digits(to, entry, from + 3, -1) == -1;
  }

  /** Base 32 with the extended hex alphabet, not padded (RFC 4648 section 7). */
  private static boolean base32(RecordText to, MasterEntries entry, int word) {
    var bytes = entry.bytes();
    int at = entry.from(word);
    int digits = entry.end(word) - at;
    if (digits == 0 || digits % 8 != 0 || digits > 400 || entry.isQuoted(word)) {
      return false;
    }
    to.put8(digits * 5 / 8);
    int held = 0;
    int bits = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(bytes[at + i], 32);
      if (digit < 0) {
        return false;
      }
      held = held << 5 | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        to.put8(held >> bits);
      }
    }
    return true;
  }

  /** The types that are there, as windows of bits (RFC 4034 section 4.1.2). */
  private static boolean bitmap(RecordText to, MasterEntries entry, int from) {
    var bits = new byte[32];
    int last = 0;
    for (int word = from; word < entry.words(); word++) {
      int type = type(entry, word);
      if (type <= 0 || type > 0xFF) {
        return false; // of another window: not many have such
      }
      bits[type >> 3] |= (byte) (0x80 >> (type & 7));
      last = Math.max(last, (type >> 3) + 1);
    }
    if (last > 0) {
      to.put8(0);
      to.put8(last);
      for (int i = 0; i < last; i++) {
        to.put8(bits[i]);
      }
    }
    return true;
  }

  /** The type a word is the mnemonic of; -1 if it is none. */
  private static int type(MasterEntries entry, int word) {
    int known = RecordText.type(entry, word);
    if (known >= 0 || entry.isQuoted(word)) {
      return known;
    }
    int from = entry.from(word);
    return Type.value(
        new String(entry.bytes(), from, entry.end(word) - from, StandardCharsets.ISO_8859_1));
  }

  /** Hexadecimal digits of all words that are left: how many octets; -1 if they are none. */
  private static int hex(RecordText to, MasterEntries entry, int from) {
    int held = -1;
    int digits = 0;
    for (int word = from; word < entry.words(); word++) {
      digits += entry.end(word) - entry.from(word);
      held = digits(to, entry, word, held);
      if (held < -1) {
        return -1;
      }
    }
    return held == -1 ? digits / 2 : -1;
  }

  /** Goes on after {@code held}, half an octet or -1; what is held then, or -2 at a fault. */
  private static int digits(RecordText to, MasterEntries entry, int word, int held) {
    if (entry.isQuoted(word)) {
      return -2;
    }
    var bytes = entry.bytes();
    int half = held;
    for (int at = entry.from(word); at < entry.end(word); at++) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        return -2;
      }
      if (half < 0) {
        half = digit;
      } else {
        to.put8(half << 4 | digit);
        half = -1;
      }
    }
    return half;
  }

  /** Base 64 of all words that are left, in whole groups of four (RFC 4648 section 4). */
  private static boolean base64(RecordText to, MasterEntries entry, int from) {
    int held = 0;
    int digits = 0;
    int pads = 0;
    var bytes = entry.bytes();
    for (int word = from; word < entry.words(); word++) {
      if (entry.isQuoted(word)) {
        return false;
      }
      for (int at = entry.from(word); at < entry.end(word); at++) {
        int digit = sextet(bytes[at]);
        pads += digit == 64 ? 1 : 0;
        if (digit < 0 || digit < 64 && pads > 0) {
          return false;
        }
        held = held << 6 | digit & 63;
        digits++;
        if (digits % 4 == 0) {
          int unused = pads == 2 ? 0xFFFF : pads == 1 ? 0xFF : 0;
          if (pads > 2 || (held & unused) != 0) {
            return false;
          }
          to.put8(held >> 16);
          if (pads < 2) {
            to.put8(held >> 8);
          }
          if (pads < 1) {
            to.put8(held);
          }
        }
      }
    }
    return digits > 0 && digits % 4 == 0 && pads <= 2;
  }

  /** The value of a digit; 64 is the pad, -1 none. */
  private static int sextet(byte c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : c == '=' ? 64 : -1;
  }
}
