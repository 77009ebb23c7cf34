package dev.islet.dns.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xbill.DNS.Type;

/**
 * Reads records that are written in the plain way, of the types that large zones are made of, from
 * words of a master file into the form of the wire (RFC 1035 sections 3 and 5.1). What it does not
 * take may well be right: it is for a reader that knows every type and can say what is wrong.
 *
 * <p>Makes hardly an object. Not thread-safe.
 */
public final class RecordText {
  private static final int[] TYPES = {
    Type.A,
    Type.AAAA,
    Type.NS,
    Type.CNAME,
    Type.PTR,
    Type.MX,
    Type.TXT,
    Type.SRV,
    Type.RRSIG,
    Type.NSEC,
    Type.NSEC3,
    Type.DS,
    Type.CAA,
    Type.DNAME,
    Type.TLSA,
    Type.SSHFP,
    Type.HTTPS,
    Type.SVCB,
    Type.NAPTR,
    Type.DNSKEY,
    Type.CDS,
    Type.CDNSKEY,
    Type.NSEC3PARAM,
  };
  private static final byte[][] MNEMONICS = new byte[TYPES.length][];
  private static final byte[] IN = {'I', 'N'};
  private static final byte[] GENERIC = {'\\', '#'};

  static {
    for (int i = 0; i < TYPES.length; i++) {
      MNEMONICS[i] = Type.string(TYPES[i]).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final byte[] name = new byte[WireName.MAX];
  private byte[] out = new byte[512];
  private int size;

  /** The data that was read; only read it. */
  public byte[] data() {
    return out;
  }

  /** Whether a word is the class IN. */
  public static boolean isIn(MasterEntries entry, int word) {
    return is(entry, word, IN);
  }

  /** The number a word is, in decimal digits and at most {@code most}; -1 if it is no such. */
  public static long number(MasterEntries entry, int word, long most) {
    return entry.isQuoted(word)
        ? -1
        : number(entry.bytes(), entry.from(word), entry.end(word), most);
  }

  static long number(byte[] bytes, int from, int end, long most) {
    if (from == end || end - from > 10) {
      return -1;
    }
    long number = 0;
    for (int at = from; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number > most ? -1 : number;
  }

  /** The type a word is the mnemonic of, if it is one that is read here; else -1. */
  public static int type(MasterEntries entry, int word) {
    for (int i = 0; i < TYPES.length; i++) {
      if (is(entry, word, MNEMONICS[i])) {
        return TYPES[i];
      }
    }
    return -1;
  }

  private static boolean is(MasterEntries entry, int word, byte[] text) {
    int from = entry.from(word);
    if (entry.end(word) - from != text.length || entry.isQuoted(word)) {
      return false;
    }
    var bytes = entry.bytes();
    for (int i = 0; i < text.length; i++) {
      byte c = bytes[from + i];
      if (c != text[i] && (c < 'a' || c > 'z' || c - 32 != text[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a name to the wire (RFC 1035 sections 3.1 and 5.1).
   *
   * @param origin what names without a dot at the end are completed with
   * @param into {@link WireName#MAX} octets
   * @return how many octets it has; -1 if it is no name
   */
  public static int name(MasterEntries entry, int word, byte[] origin, byte[] into) {
    if (entry.isQuoted(word)) {
      return -1;
    }
    var bytes = entry.bytes();
    int end = entry.end(word);
    int from = entry.from(word);
    if (end - from == 1 && bytes[from] == '@') {
      System.arraycopy(origin, 0, into, 0, origin.length);
      return origin.length;
    }
    if (end - from == 1 && bytes[from] == '.') {
      into[0] = 0;
      return 1;
    }
    int label = 0;
    int to = 1;
    for (int at = from; at < end; at++) {
      byte c = bytes[at];
      if (c == '.') {
        int length = to - label - 1;
        if (length == 0 || length > 63) {
          return -1;
        }
        into[label] = (byte) length;
        label = to++;
      } else {
        if (c == '\\') {
          int octet = escaped(bytes, at, end);
          if (octet < 0) {
            return -1;
          }
          at += octet >> 8;
          c = (byte) octet;
        }
        into[to++] = c;
      }
      if (to >= WireName.MAX) {
        return -1;
      }
    }
    int length = to - label - 1;
    if (length == 0) { // a dot at the end
      into[label] = 0;
      return to;
    }
    if (length > 63 || to + origin.length > WireName.MAX) {
      return -1;
    }
    into[label] = (byte) length;
    System.arraycopy(origin, 0, into, to, origin.length);
    return to + origin.length;
  }

  /**
   * What a backslash at {@code at} stands for: the octet, and above it how many bytes more it takes
   * than one; -1 if nothing.
   */
  private static int escaped(byte[] bytes, int at, int end) {
    if (at + 1 >= end) {
      return -1;
    }
    if (bytes[at + 1] < '0' || bytes[at + 1] > '9') {
      return 1 << 8 | bytes[at + 1] & 0xFF;
    }
    if (at + 3 >= end) {
      return -1;
    }
    int octet = 0;
    for (int i = 1; i <= 3; i++) {
      int digit = bytes[at + i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      octet = octet * 10 + digit;
    }
    return octet > 255 ? -1 : 3 << 8 | octet;
  }

  /**
   * Reads data of a type; see {@link #data()}.
   *
   * @param from its first word
   * @return how many octets it has; -1 if it is not taken
   */
  public int read(MasterEntries entry, int type, int from, byte[] origin) {
    if (from >= entry.words() || is(entry, from, GENERIC)) {
      return -1;
    }
    int most = entry.length() + 2 * WireName.MAX + 64;
    if (out.length < most) {
      out = new byte[most];
    }
    size = 0;
    boolean good =
        switch (type) {
          case Type.A -> one(entry, from) && ipv4(entry, from);
          case Type.AAAA -> one(entry, from) && ipv6(entry, from);
          case Type.NS, Type.CNAME, Type.PTR, Type.DNAME ->
              one(entry, from) && name(entry, from, origin);
          case Type.MX ->
              entry.words() == from + 2 && u16(entry, from) && name(entry, from + 1, origin);
          case Type.SRV ->
              entry.words() == from + 4
                  && u16(entry, from)
                  && u16(entry, from + 1)
                  && u16(entry, from + 2)
                  && name(entry, from + 3, origin);
          case Type.TXT -> strings(entry, from);
          case Type.CAA -> caa(entry, from);
          case Type.NAPTR ->
              entry.words() == from + 6
                  && u16(entry, from)
                  && u16(entry, from + 1)
                  && string(entry, from + 2)
                  && string(entry, from + 3)
                  && string(entry, from + 4)
                  && name(entry, from + 5, origin);
          case Type.HTTPS, Type.SVCB ->
              entry.words() > from + 1
                  && u16(entry, from)
                  && name(entry, from + 1, origin)
                  && ServiceText.read(this, entry, from + 2);
          default -> SecureText.read(this, entry, type, from, origin);
        };
    return good && size <= 0xFFFF ? size : -1;
  }

  private static boolean one(MasterEntries entry, int from) {
    return entry.words() == from + 1;
  }

  void put8(int value) {
    out[size++] = (byte) value;
  }

  void put16(int value) {
    put8(value >> 8);
    put8(value);
  }

  boolean u8(MasterEntries entry, int word) {
    long value = number(entry, word, 0xFF);
    put8((int) value);
    return value >= 0;
  }

  boolean u16(MasterEntries entry, int word) {
    long value = number(entry, word, 0xFFFF);
    put16((int) value);
    return value >= 0;
  }

  boolean name(MasterEntries entry, int word, byte[] origin) {
    int length = name(entry, word, origin, name);
    if (length < 0) {
      return false;
    }
    System.arraycopy(name, 0, out, size, length);
    size += length;
    return true;
  }

  private boolean ipv4(MasterEntries entry, int word) {
    return !entry.isQuoted(word) && ipv4(entry.bytes(), entry.from(word), entry.end(word));
  }

  boolean ipv4(byte[] bytes, int from, int end) {
    int value = -1;
    int parts = 1;
    for (int at = from; at < end; at++) {
      int digit = bytes[at] - '0';
      if (bytes[at] == '.' && value >= 0) {
        put8(value);
        value = -1;
        parts++;
      } else if (digit < 0 || digit > 9 || value == 0 || value > 25) {
        return false;
      } else {
        value = Math.max(0, value) * 10 + digit;
        if (value > 255) {
          return false;
        }
      }
    }
    put8(value);
    return parts == 4 && value >= 0;
  }

  private boolean ipv6(MasterEntries entry, int word) {
    return !entry.isQuoted(word) && ipv6(entry.bytes(), entry.from(word), entry.end(word));
  }

  /** Groups of hexadecimal digits, with zeros for {@code ::} (RFC 4291 section 2.2). */
  boolean ipv6(byte[] bytes, int from, int end) {
    int at = from;
    int first = size;
    int gap = -1;
    if (end - at >= 2 && bytes[at] == ':' && bytes[at + 1] == ':') {
      gap = size;
      at += 2;
    }
    while (at < end) {
      int value = 0;
      int digits = 0;
      while (at < end && bytes[at] != ':') {
        int digit = Character.digit(bytes[at++], 16);
        if (digit < 0 || ++digits > 4) {
          return false;
        }
        value = value << 4 | digit;
      }
      if (digits == 0 || size - first >= 16) {
        return false;
      }
      put16(value);
      if (at == end) {
        break;
      }
      at++; // the colon
      if (at == end) {
        return false;
      }
      if (bytes[at] == ':') {
        if (gap >= 0) {
          return false;
        }
        gap = size;
        at++;
      }
    }
    int missing = 16 - (size - first);
    if (gap < 0 || missing < 2) {
      return gap < 0 && missing == 0;
    }
    System.arraycopy(out, gap, out, gap + missing, size - gap);
    Arrays.fill(out, gap, gap + missing, (byte) 0);
    size = first + 16;
    return true;
  }

  private boolean strings(MasterEntries entry, int from) {
    for (int word = from; word < entry.words(); word++) {
      if (!string(entry, word)) {
        return false;
      }
    }
    return true;
  }

  private boolean string(MasterEntries entry, int word) {
    int head = size++;
    if (!octets(entry, word) || size - head > 256) {
      return false;
    }
    out[head] = (byte) (size - head - 1);
    return true;
  }

  /** Leaves room for a length; where what it is the length of begins. */
  int open() {
    put16(0);
    return size;
  }

  /** Writes the length of what begins at {@code from} before it. */
  void close(int from) {
    out[from - 2] = (byte) (size - from >> 8);
    out[from - 1] = (byte) (size - from);
  }

  void put(byte[] bytes, int from, int end) {
    System.arraycopy(bytes, from, out, size, end - from);
    size += end - from;
  }

  private boolean octets(MasterEntries entry, int word) {
    var bytes = entry.bytes();
    int end = entry.end(word);
    int at = entry.from(word);
    if (!entry.isEscaped(word)) {
      put(bytes, at, end);
      return true;
    }
    for (; at < end; at++) {
      int octet = bytes[at];
      if (octet == '\\') {
        octet = escaped(bytes, at, end);
        if (octet < 0) {
          return false;
        }
        at += octet >> 8;
      }
      put8(octet);
    }
    return true;
  }

  /**
   * Flags, a tag of small letters and digits after its length, and a value (RFC 8659 section 4.1).
   */
  private boolean caa(MasterEntries entry, int from) {
    if (entry.words() != from + 3 || entry.isEscaped(from + 1) || !u8(entry, from)) {
      return false;
    }
    int head = size++;
    if (!octets(entry, from + 1) || size == head + 1 || size - head > 256) {
      return false;
    }
    for (int at = head + 1; at < size; at++) {
      if ((out[at] < 'a' || out[at] > 'z') && (out[at] < '0' || out[at] > '9')) {
        return false;
      }
    }
    out[head] = (byte) (size - head - 1);
    int value = size;
    return octets(entry, from + 2) && size - value <= 255;
  }
}
