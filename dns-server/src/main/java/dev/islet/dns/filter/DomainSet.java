package dev.islet.dns.filter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The rules of one list, compiled: an immutable hash table over the names themselves, so that a
 * look-up is exact. It lives in one buffer, mostly a file mapped into memory, and costs no heap. A
 * look-up touches the table, four bytes a slot, and reads a name only where the few bits of its
 * hash beside the name's place agree. Safe for any number of threads; nothing is allocated.
 *
 * <pre>
 *  header 48: magic u64 | entries, slots, names, notes, conditions u32 | skipped u32 | stamp 2 × u64
 *  slots:     u32 each: 0 for empty, else bits of the hash above the place of an entry in names
 *  names:     entries: rule u8 | condition u24 if the rule has one | name as on the wire
 *  texts:     notes, then conditions: length u16 | UTF-8
 *  crc u32:   CRC-32C of all before it
 * </pre>
 *
 * All integers are big-endian. A rule's byte holds {@link #SELF} and {@link #BELOW}, a {@link Verb}
 * from bit 2, and {@link #CONDITION}.
 */
public final class DomainSet {
  /** The rule is about the name itself. */
  public static final int SELF = 1;

  /** The rule is about all names below. */
  public static final int BELOW = 2;

  /** The rule has a condition or data. */
  static final int CONDITION = 0x80;

  static final long MAGIC = 0x49_53_4c_54_53_45_54_31L; // ISLTSET1
  static final int HEADER = 48;

  private final ByteBuffer slots;
  private final ByteBuffer names;
  private final int entries;
  private final int capacity;
  private final int placeBits;
  private final int skipped;
  private final long size;
  private final List<String> notes;
  private final List<String> conditions;

  private DomainSet(ByteBuffer all) {
    entries = all.getInt(8);
    capacity = all.getInt(12);
    int namesSize = all.getInt(16);
    skipped = all.getInt(28);
    size = all.limit();
    long slotsSize = 4L * capacity;
    if (entries < 0
        || capacity < 1
        || namesSize < 1
        || HEADER + slotsSize + namesSize + 4 > all.limit()) {
      throw new IllegalArgumentException("sizes that do not fit");
    }
    slots = all.slice(HEADER, (int) slotsSize).order(ByteOrder.BIG_ENDIAN);
    names = all.slice(HEADER + (int) slotsSize, namesSize).order(ByteOrder.BIG_ENDIAN);
    placeBits = placeBits(namesSize);
    int at = HEADER + (int) slotsSize + namesSize;
    notes = new ArrayList<>();
    conditions = new ArrayList<>();
    at = texts(all, at, all.getInt(20), notes);
    at = texts(all, at, all.getInt(24), conditions);
    if (at + 4 != all.limit()) {
      throw new IllegalArgumentException("bytes after the end");
    }
  }

  /**
   * A set in its compiled form.
   *
   * @param bytes from index 0 to the limit; not changed any more
   * @throws IllegalArgumentException if it is not whole
   */
  public static DomainSet of(ByteBuffer bytes) {
    var all = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    if (all.limit() < HEADER + 4 || all.getLong(0) != MAGIC) {
      throw new IllegalArgumentException("not a compiled list");
    }
    var crc = new CRC32C();
    crc.update(all.slice(0, all.limit() - 4));
    if ((int) crc.getValue() != all.getInt(all.limit() - 4)) {
      throw new IllegalArgumentException("the checksum does not fit");
    }
    return new DomainSet(all);
  }

  /** What a compiled list was made of; two numbers that the maker chose. */
  public static boolean stamped(ByteBuffer bytes, long first, long second) {
    var all = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    return all.limit() >= HEADER && all.getLong(32) == first && all.getLong(40) == second;
  }

  private static int texts(ByteBuffer all, int start, int count, List<String> into) {
    int at = start;
    for (int i = 0; i < count; i++) {
      int length = all.getShort(at) & 0xFFFF;
      var bytes = new byte[length];
      all.get(at + 2, bytes);
      into.add(new String(bytes, StandardCharsets.UTF_8));
      at += 2 + length;
    }
    return at;
  }

  /** How many bits a place in so many bytes needs; the rest of a slot is for the hash. */
  static int placeBits(int namesSize) {
    return 32 - Integer.numberOfLeadingZeros(namesSize);
  }

  static int slot(long hash, int capacity) {
    return (int) Math.unsignedMultiplyHigh(hash, capacity);
  }

  /** The bits beside a place: low ones of the hash, since the high ones chose the slot. */
  static int tag(long hash, int placeBits) {
    return (int) hash << placeBits;
  }

  /**
   * The next entry for a name from a label on.
   *
   * @param after the entry found before, or -1
   * @return an entry, or -1
   */
  int find(NameKey key, int label, int after) {
    long hash = key.hash(label);
    int tag = tag(hash, placeBits);
    int mask = (1 << placeBits) - 1;
    boolean past = after < 0;
    int at = slot(hash, capacity);
    for (int tries = 0; tries < capacity; tries++) {
      int slot = slots.getInt(4 * at);
      if (slot == 0) {
        return -1;
      }
      if ((slot & ~mask) == tag) {
        int place = slot & mask;
        if (past) {
          if (key.same(label, names, nameAt(place))) {
            return place;
          }
        } else {
          past = place == after;
        }
      }
      at = at + 1 == capacity ? 0 : at + 1;
    }
    return -1;
  }

  private int nameAt(int place) {
    return place + ((names.get(place) & CONDITION) == 0 ? 1 : 4);
  }

  Verb verb(int entry) {
    return Verb.at(names.get(entry) >> 2 & 0xF);
  }

  /** {@link #SELF}, {@link #BELOW} or both. */
  int scope(int entry) {
    return names.get(entry) & 3;
  }

  /** The number of the entry's condition, or -1. */
  int condition(int entry) {
    return (names.get(entry) & CONDITION) == 0 ? -1 : names.getInt(entry) & 0xFF_FFFF;
  }

  /** The name of an entry, as on the wire. */
  byte[] name(int entry) {
    int start = nameAt(entry);
    int end = start;
    while (names.get(end) != 0) {
      end += names.get(end) + 1;
    }
    var wire = new byte[end + 1 - start];
    names.get(start, wire);
    return wire;
  }

  /** Rules in it, without doubles. */
  public int entries() {
    return entries;
  }

  /** Lines of the list that say something it does not know. */
  public int skipped() {
    return skipped;
  }

  /** Bytes of the whole. */
  public long size() {
    return size;
  }

  /** Bytes that look-ups touch even for names that are in no list. */
  public long tableSize() {
    return 4L * capacity;
  }

  /** What was left out when it was compiled, as {@code reason: lines}. */
  public List<String> notes() {
    return notes;
  }

  /** Texts of conditions and data, by number. */
  List<String> conditions() {
    return conditions;
  }
}
