package dev.islet.dns.queries;

import dev.islet.dns.model.Request;
import dev.islet.dns.model.Source;
import java.util.function.Consumer;
import org.xbill.DNS.Name;

/**
 * Takes notes of replies from many threads, without waiting for anything and without allocating,
 * until one thread reads them. Of fixed size: what comes while it is full is lost and counted.
 *
 * <pre>
 *  a note: name length u8 | name as on the wire | address 16 | type u16 | rcode u16 | source u8
 * </pre>
 */
public final class QueryBook {
  /** Takes nothing. */
  public static final QueryBook NONE = new QueryBook(0);

  private static final int PAGES = 8;
  private static final int PAGE = 1 << 16;
  private static final int TAIL = 16 + 2 + 2 + 1;
  private static final Source[] SOURCES = Source.values();

  private static final class Page {
    byte[] bytes = new byte[PAGE];
    byte[] spare = new byte[PAGE];
    int size;
    long lost;
  }

  private final Page[] pages;

  public QueryBook() {
    this(PAGES);
  }

  private QueryBook(int count) {
    pages = new Page[count];
    for (int i = 0; i < count; i++) {
      pages[i] = new Page();
    }
  }

  /** Whether notes are taken at all. */
  public boolean isOpen() {
    return pages.length > 0;
  }

  /** Notes a reply. */
  public void note(Request request, int rcode, Source source) {
    if (!isOpen()) {
      return;
    }
    var address = request.client().getAddress().getAddress();
    long high = address.length == 16 ? u64(address, 0) : 0;
    long low = address.length == 16 ? u64(address, 8) : 0xFFFF_0000_0000L | u32(address);
    var name = request.question().name().toWire();
    note(high, low, name, 0, name.length, request.question().type(), rcode, source);
  }

  /**
   * Notes a reply.
   *
   * @param high the upper half of the asker's address; 0 for IPv4
   * @param low the lower half; {@code ::ffff:a.b.c.d} for IPv4
   * @param name holds the name asked for, as on the wire
   */
  public void note(
      long high, long low, byte[] name, int at, int length, int type, int rcode, Source source) {
    if (!isOpen()) {
      return;
    }
    // Any spread will do, so that threads seldom want the same page.
    var page = pages[(int) (low ^ low >> 16 ^ type ^ name[at + 1]) & pages.length - 1];
    synchronized (page) {
      int end = page.size;
      if (end + 1 + length + TAIL > PAGE) {
        page.lost++;
        return;
      }
      var out = page.bytes;
      out[end++] = (byte) length;
      System.arraycopy(name, at, out, end, length);
      end += length;
      for (int shift = 56; shift >= 0; shift -= 8) {
        out[end + 8] = (byte) (low >> shift);
        out[end++] = (byte) (high >> shift);
      }
      end += 8;
      out[end++] = (byte) (type >> 8);
      out[end++] = (byte) type;
      out[end++] = (byte) (rcode >> 8);
      out[end++] = (byte) rcode;
      out[end++] = (byte) source.ordinal();
      page.size = end;
    }
  }

  /** Hands on all notes taken so far; for one thread at a time. */
  public void read(Anonymity anonymity, Consumer<Noted> reader) {
    for (var page : pages) {
      byte[] bytes;
      int size;
      synchronized (page) {
        bytes = page.bytes;
        size = page.size;
        page.bytes = page.spare;
        page.spare = bytes;
        page.size = 0;
      }
      int at = 0;
      while (at < size) {
        int length = bytes[at++] & 0xFF;
        int tail = at + length;
        reader.accept(
            new Noted(
                anonymity.text(java.util.Arrays.copyOfRange(bytes, tail, tail + 16)),
                name(java.util.Arrays.copyOfRange(bytes, at, tail)),
                (bytes[tail + 16] & 0xFF) << 8 | bytes[tail + 17] & 0xFF,
                (bytes[tail + 18] & 0xFF) << 8 | bytes[tail + 19] & 0xFF,
                SOURCES[bytes[tail + 20]]));
        at = tail + TAIL;
      }
    }
  }

  /** Whether it is more than half full somewhere. */
  public boolean isFull() {
    for (var page : pages) {
      synchronized (page) {
        if (page.size > PAGE / 2) {
          return true;
        }
      }
    }
    return false;
  }

  /** Notes that were lost for lack of room. */
  public long lost() {
    long lost = 0;
    for (var page : pages) {
      synchronized (page) {
        lost += page.lost;
      }
    }
    return lost;
  }

  private static String name(byte[] wire) {
    try {
      return new Name(wire).toString().toLowerCase(java.util.Locale.ROOT);
    } catch (java.io.IOException e) {
      throw new IllegalStateException("a name that was noted cannot be read", e);
    }
  }

  private static long u64(byte[] bytes, int at) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    return value;
  }

  private static long u32(byte[] bytes) {
    return (bytes[0] & 0xFFL) << 24
        | (bytes[1] & 0xFF) << 16
        | (bytes[2] & 0xFF) << 8
        | bytes[3] & 0xFF;
  }
}
