package dev.islet.dns.filter;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Compiles rules into the form of a {@link DomainSet}. Memory while it works: the bytes of the
 * names and eight to sixteen for each.
 */
public final class SetBuilder {
  /** Bytes of names; a slot must hold a place among them and some bits of the hash. */
  private static final int MAX_NAMES = 1 << 28;

  private static final int MAX_CONDITIONS = 100_000;
  private static final int MAX_TEXT = 0xFFFF;
  private static final int CHUNK_BITS = 20;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int LARGEST_ENTRY = 4 + 255;

  private final NameKey key = new NameKey();
  private final List<byte[]> chunks = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Integer> skipped = new TreeMap<>();
  private int[] places = new int[1 << 10];
  private int end = 1; // place 0 would look like an empty slot
  private int entries;

  /** There is no room for another rule. */
  public static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1;

    Full(String what) {
      super(what);
    }
  }

  /**
   * Adds a rule, unless it is there already.
   *
   * @param wire the name from index 0, without compression
   * @param scope {@link DomainSet#SELF}, {@link DomainSet#BELOW} or both
   * @param condition a condition or data as text; none if empty
   * @throws Full if the list is too long
   */
  public void add(byte[] wire, int scope, Verb verb, String condition) {
    key.fill(wire, 0);
    int rule = scope | verb.ordinal() << 2 | (condition.isEmpty() ? 0 : DomainSet.CONDITION);
    int slot = start(key.hash(0), places.length);
    while (places[slot] != 0) {
      if (condition.isEmpty() && same(places[slot], rule)) {
        return;
      }
      slot = slot + 1 & places.length - 1;
    }
    places[slot] = append(rule, condition);
    entries++;
    if (entries > places.length / 2) {
      grow();
    }
  }

  /** Counts a line that says something unknown. */
  public void skip(String reason) {
    skipped.merge(reason, 1, Integer::sum);
  }

  private boolean same(int place, int rule) {
    var chunk = chunks.get(place >> CHUNK_BITS);
    int at = place & CHUNK - 1;
    if (chunk[at] != (byte) rule) {
      return false;
    }
    int size = key.length(0);
    return key.same(0, ByteBuffer.wrap(chunk), at + 1) && chunk[at + size] == 0;
  }

  private int append(int rule, String condition) {
    if ((end & CHUNK - 1) + LARGEST_ENTRY > CHUNK) {
      end = (end >> CHUNK_BITS) + 1 << CHUNK_BITS;
    }
    if (end > MAX_NAMES) {
      throw new Full("more than " + MAX_NAMES + " bytes of names");
    }
    while (chunks.size() <= end >> CHUNK_BITS) {
      chunks.add(new byte[CHUNK]);
    }
    var chunk = chunks.get(end >> CHUNK_BITS);
    int place = end;
    int at = end & CHUNK - 1;
    chunk[at++] = (byte) rule;
    if (!condition.isEmpty()) {
      int number = conditions.size();
      if (number == MAX_CONDITIONS || condition.length() > MAX_TEXT / 4) {
        throw new Full("more than " + MAX_CONDITIONS + " rules with conditions, or too long ones");
      }
      conditions.add(condition);
      chunk[at++] = (byte) (number >> 16);
      chunk[at++] = (byte) (number >> 8);
      chunk[at++] = (byte) number;
    }
    key.copy(0, chunk, at);
    end = (place & -CHUNK) + at + key.length(0);
    return place;
  }

  private static int start(long hash, int capacity) {
    return (int) (hash >>> 32) & capacity - 1;
  }

  private void grow() {
    var old = places;
    places = new int[2 * old.length];
    for (int place : old) {
      if (place != 0) {
        int slot = start(fill(place).hash(0), places.length);
        while (places[slot] != 0) {
          slot = slot + 1 & places.length - 1;
        }
        places[slot] = place;
      }
    }
  }

  private NameKey fill(int place) {
    var chunk = chunks.get(place >> CHUNK_BITS);
    int at = place & CHUNK - 1;
    return key.fill(chunk, at + ((chunk[at] & DomainSet.CONDITION) == 0 ? 1 : 4));
  }

  /**
   * Writes the compiled form; the builder is used up.
   *
   * @param first what it was made of, see {@link DomainSet#stamped}
   * @param second the other number
   */
  public void write(OutputStream to, long first, long second) throws IOException {
    int capacity = Math.max(2, (int) (entries * 3L / 2) + 1);
    var slots = slots(capacity);
    var crc = new CRC32C();
    var out = new DataOutputStream(new CheckedOutputStream(to, crc));
    out.writeLong(DomainSet.MAGIC);
    out.writeInt(entries);
    out.writeInt(capacity);
    out.writeInt(end);
    out.writeInt(skipped.size());
    out.writeInt(conditions.size());
    out.writeInt(skipped.values().stream().mapToInt(i -> i).sum());
    out.writeLong(first);
    out.writeLong(second);
    var page = ByteBuffer.allocate(1 << 16);
    for (int slot : slots) {
      page.putInt(slot);
      if (!page.hasRemaining()) {
        out.write(page.array(), 0, page.position());
        page.clear();
      }
    }
    out.write(page.array(), 0, page.position());
    for (int at = 0; at < end; at += CHUNK) {
      var chunk = at >> CHUNK_BITS < chunks.size() ? chunks.get(at >> CHUNK_BITS) : new byte[CHUNK];
      out.write(chunk, 0, Math.min(CHUNK, end - at));
    }
    for (var note : skipped.entrySet()) {
      text(out, note.getKey() + ": " + note.getValue());
    }
    for (var condition : conditions) {
      text(out, condition);
    }
    out.writeInt((int) crc.getValue());
    out.flush();
  }

  /** The compiled form in memory; the builder is used up. */
  public DomainSet build() {
    var out = new java.io.ByteArrayOutputStream();
    try {
      write(out, 0, 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return DomainSet.of(ByteBuffer.wrap(out.toByteArray()));
  }

  private int[] slots(int capacity) {
    int placeBits = DomainSet.placeBits(end);
    var slots = new int[capacity];
    // In the order of the list, so that of two rules for one name the first is found first.
    var inOrder = Arrays.stream(places).filter(p -> p != 0).sorted().toArray();
    places = new int[0];
    for (int place : inOrder) {
      long hash = fill(place).hash(0);
      int slot = DomainSet.slot(hash, capacity);
      while (slots[slot] != 0) {
        slot = slot + 1 == capacity ? 0 : slot + 1;
      }
      slots[slot] = DomainSet.tag(hash, placeBits) | place;
    }
    return slots;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }
}
