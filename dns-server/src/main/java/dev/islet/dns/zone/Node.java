package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.ResponseWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What a zone holds at one name, as one array of bytes that never changes: a million names are a
 * million small arrays, and an answer is copied out of them. A node without sets is an empty
 * non-terminal (RFC 4592 section 2.2.2).
 *
 * <pre>
 *   name length 1 | name on the wire in its own case | traits 1 | children 4 | sets
 *   a set:    type 2 | TTL 4 | records 4 | bytes of them 4 | records
 *   a record: length 2 | data on the wire, not compressed
 * </pre>
 *
 * <p>Offsets of sets and records are into the node's array.
 */
public final class Node {
  /** It has an NS set. */
  public static final int NS = 1;

  /** It has a DNAME set. */
  public static final int DNAME = 2;

  /** It has a CNAME set. */
  public static final int CNAME = 4;

  /** The name {@code *} exists directly below it. */
  public static final int WILD = 8;

  /** It has an NSEC3 record and else nothing but signatures. */
  private static final int HASH = 16;

  /** Bytes of a set before its records. */
  public static final int SET_HEAD = 14;

  /** Where its name begins. */
  public static final int NAME = 1;

  private static final int AFTER_NAME = 5;

  private Node() {}

  /** How many octets its name has. */
  public static int nameLength(byte[] node) {
    return node[0] & 0xFF;
  }

  /** Which of {@link #NS}, {@link #DNAME}, {@link #CNAME}, {@link #WILD} hold. */
  public static int traits(byte[] node) {
    return node[NAME + nameLength(node)];
  }

  /** Where the set of a type begins; -1 if there is none. */
  public static int set(byte[] node, int type) {
    for (int at = sets(node); at < node.length; at = next(node, at)) {
      if (u16(node, at) == type) {
        return at;
      }
    }
    return -1;
  }

  /** Where the first set begins; the end of the array if there is none. */
  public static int sets(byte[] node) {
    return NAME + nameLength(node) + AFTER_NAME;
  }

  /** Where the set after one begins; the end of the array after the last. */
  public static int next(byte[] node, int set) {
    return set + SET_HEAD + u32(node, set + 10);
  }

  /** The type of a set. */
  public static int type(byte[] node, int set) {
    return u16(node, set);
  }

  /** The TTL of a set, in seconds. */
  public static int ttl(byte[] node, int set) {
    return u32(node, set + 2);
  }

  /** How many records a set has; the first begins {@link #SET_HEAD} after it. */
  public static int records(byte[] node, int set) {
    return u32(node, set + 6);
  }

  /** How many bytes of data a record has; they begin two after it. */
  public static int dataLength(byte[] node, int record) {
    return u16(node, record);
  }

  static boolean isEmpty(byte[] node) {
    return sets(node) == node.length;
  }

  /**
   * Whether it only proves what is not there, by the hash in its name: such a name is not there to
   * be asked for (RFC 5155 section 7.2.8).
   */
  static boolean isHash(byte[] node) {
    return (traits(node) & HASH) != 0 && children(node) == 0;
  }

  /** How many names exist directly below. */
  static int children(byte[] node) {
    return u32(node, NAME + nameLength(node) + 1);
  }

  /** A node without sets. */
  static byte[] empty(Name name) {
    var wire = name.toWire();
    return empty(wire, 0, wire.length);
  }

  /** A node without sets, of the name at {@code from}. */
  static byte[] empty(byte[] name, int from, int length) {
    var node = new byte[NAME + length + AFTER_NAME];
    node[0] = (byte) length;
    System.arraycopy(name, from, node, NAME, length);
    return node;
  }

  /** A node with one record. */
  static byte[] of(byte[] name, int length, int type, int ttl, byte[] data, int dataLength) {
    int sets = NAME + length + AFTER_NAME;
    var node = new byte[sets + SET_HEAD + 2 + dataLength];
    node[0] = (byte) length;
    System.arraycopy(name, 0, node, NAME, length);
    record(node, head(node, sets, type, ttl, 1, 2 + dataLength), data, dataLength);
    return marked(node);
  }

  /**
   * Tells a node that more or fewer names are below it, and whether {@code *} is among them: the
   * one change of a node in place, for those that nobody else sees yet.
   */
  static void count(byte[] node, int more, boolean wild) {
    int traits = NAME + nameLength(node);
    node[traits] = (byte) (wild ? node[traits] | WILD : node[traits] & ~WILD);
    put32(node, traits + 1, children(node) + more);
  }

  /** Whether the first label of the name at {@code from} is {@code *}. */
  static boolean isStar(byte[] name, int from) {
    return name[from] == 1 && name[from + 1] == '*';
  }

  /** The same node with a set put in the place of the one of its type. */
  static byte[] with(byte[] node, RrSet set) {
    var data = new ArrayList<byte[]>(set.size());
    int bytes = 0;
    for (var record : set.records()) {
      var one = ResponseWriter.data(record);
      data.add(one);
      bytes += 2 + one.length;
    }
    var rest = without(node, set.type());
    var whole = Arrays.copyOf(rest, rest.length + SET_HEAD + bytes);
    int at = head(whole, rest.length, set.type(), (int) set.ttl(), data.size(), bytes);
    for (var one : data) {
      at = record(whole, at, one, one.length);
    }
    return marked(whole);
  }

  /**
   * The same node with one more record, in a set that takes over its TTL.
   *
   * @param data begins with the record's data
   * @param length how many bytes of it there are
   */
  static byte[] withRecord(byte[] node, int type, int ttl, byte[] data, int length) {
    int old = set(node, type);
    int oldBytes = old < 0 ? 0 : u32(node, old + 10);
    int count = old < 0 ? 0 : records(node, old);
    var rest = old < 0 ? node : without(node, type);
    int bytes = oldBytes + 2 + length;
    var whole = Arrays.copyOf(rest, rest.length + SET_HEAD + bytes);
    int at = head(whole, rest.length, type, ttl, count + 1, bytes);
    if (old >= 0) {
      System.arraycopy(node, old + SET_HEAD, whole, at, oldBytes);
    }
    record(whole, at + oldBytes, data, length);
    return marked(whole);
  }

  static byte[] without(byte[] node, int type) {
    int from = set(node, type);
    if (from < 0) {
      return node;
    }
    int to = next(node, from);
    var less = new byte[node.length - (to - from)];
    System.arraycopy(node, 0, less, 0, from);
    System.arraycopy(node, to, less, from, node.length - to);
    return marked(less);
  }

  /** The same node with another TTL of a set. */
  static byte[] withTtl(byte[] node, int set, int ttl) {
    var other = node.clone();
    put32(other, set + 2, ttl);
    return other;
  }

  /** The same node without a record of a set, and without the set if it was the only one. */
  static byte[] withoutRecord(byte[] node, int set, byte[] data, int length) {
    int at = find(node, set, data, length);
    if (at < 0) {
      return node;
    }
    if (records(node, set) == 1) {
      return without(node, type(node, set));
    }
    var less = new byte[node.length - 2 - length];
    System.arraycopy(node, 0, less, 0, at);
    System.arraycopy(node, at + 2 + length, less, at, less.length - at);
    put32(less, set + 6, records(node, set) - 1);
    put32(less, set + 10, u32(node, set + 10) - 2 - length);
    return less;
  }

  /** Takes note of the types that turn a walk. */
  static byte[] marked(byte[] node) {
    int traits = NAME + nameLength(node);
    int found = node[traits] & WILD;
    boolean hash = false;
    boolean data = false;
    for (int at = sets(node); at < node.length; at = next(node, at)) {
      found |=
          switch (type(node, at)) {
            case Type.NS -> NS;
            case Type.DNAME -> DNAME;
            case Type.CNAME -> CNAME;
            default -> 0;
          };
      hash |= type(node, at) == Type.NSEC3;
      data |= type(node, at) != Type.NSEC3 && type(node, at) != Type.RRSIG;
    }
    node[traits] = (byte) (hash && !data ? found | HASH : found);
    return node;
  }

  /** Writes what stands before the records of a set; where they begin. */
  static int head(byte[] out, int at, int type, int ttl, int count, int bytes) {
    put16(out, at, type);
    put32(out, at + 2, ttl);
    put32(out, at + 6, count);
    put32(out, at + 10, bytes);
    return at + SET_HEAD;
  }

  private static int record(byte[] out, int at, byte[] data, int length) {
    return record(out, at, data, 0, length);
  }

  /** Writes a record's data after its length; where it ends. */
  static int record(byte[] out, int at, byte[] data, int from, int length) {
    put16(out, at, length);
    System.arraycopy(data, from, out, at + 2, length);
    return at + 2 + length;
  }

  static Name name(byte[] node) {
    try {
      return new Name(Arrays.copyOfRange(node, NAME, NAME + nameLength(node)));
    } catch (IOException e) {
      throw new IllegalStateException("a name that was written cannot be read", e);
    }
  }

  /** All sets as values. */
  static List<RrSet> read(byte[] node) {
    if (isEmpty(node)) {
      return List.of();
    }
    var name = name(node);
    var all = new ArrayList<RrSet>(2);
    for (int at = sets(node); at < node.length; at = next(node, at)) {
      all.add(read(node, at, name));
    }
    return all;
  }

  /** A set as a value; signatures, which are no set, have the lowest TTL of what they cover. */
  static RrSet read(byte[] node, int set, Name name) {
    int type = type(node, set);
    long ttl = type == Type.RRSIG ? RrSet.MAX_TTL : ttl(node, set);
    var records = new ArrayList<Record>(records(node, set));
    int end = next(node, set);
    for (int at = set + SET_HEAD; at < end; at += 2 + u16(node, at)) {
      var data = Arrays.copyOfRange(node, at + 2, at + 2 + u16(node, at));
      long own = ttl(node, set, at);
      ttl = Math.min(ttl, own);
      records.add(Record.newRecord(name, type, DClass.IN, own, data));
    }
    return new RrSet(name, type, ttl, records);
  }

  /** Whether a set has the record that {@code data} begins with. */
  static boolean holds(byte[] node, int set, byte[] data, int length) {
    return find(node, set, data, length) >= 0;
  }

  /** Where a record of a set begins; -1 if it is not there. */
  private static int find(byte[] node, int set, byte[] data, int length) {
    int type = type(node, set);
    int end = next(node, set);
    for (int at = set + SET_HEAD; at < end; at += 2 + u16(node, at)) {
      if (u16(node, at) == length && Sameness.same(type, node, at + 2, data, 0, length)) {
        return at;
      }
    }
    return -1;
  }

  /**
   * The TTL of one record of a set: a signature has that of the set it covers, which it repeats
   * (RFC 4034 section 3).
   */
  private static long ttl(byte[] node, int set, int record) {
    return type(node, set) == Type.RRSIG
        ? u32(node, record + 2 + 4) & 0xFFFF_FFFFL
        : ttl(node, set);
  }

  /** Hands on every record as it is on the wire, not compressed (RFC 1035 section 3.2.1). */
  static void wire(byte[] node, Consumer<byte[]> out) {
    int name = nameLength(node);
    for (int set = sets(node); set < node.length; set = next(node, set)) {
      int end = next(node, set);
      for (int at = set + SET_HEAD; at < end; at += 2 + u16(node, at)) {
        int length = 2 + u16(node, at);
        var whole = new byte[name + 8 + length];
        System.arraycopy(node, NAME, whole, 0, name);
        put16(whole, name, type(node, set));
        put16(whole, name + 2, DClass.IN);
        put32(whole, name + 4, (int) ttl(node, set, at));
        System.arraycopy(node, at, whole, name + 8, length);
        out.accept(whole);
      }
    }
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
  }

  private static int u32(byte[] b, int at) {
    return u16(b, at) << 16 | u16(b, at + 2);
  }

  private static void put16(byte[] b, int at, int value) {
    b[at] = (byte) (value >> 8);
    b[at + 1] = (byte) value;
  }

  private static void put32(byte[] b, int at, int value) {
    put16(b, at, value >>> 16);
    put16(b, at + 2, value);
  }
}
