package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes messages.
 *
 * <ul>
 *   <li>Message type, server identifier and lease time come first, then what the client asked for
 *       in its order, but the subnet mask before the routers (RFC 2132 section 3.3), then the rest.
 *   <li>Options over 255 bytes are split (RFC 3396).
 *   <li>Option 82 is last and as it came; it is left out if it does not fit (RFC 3046 section 2.2).
 *   <li>At least 300 bytes, the size of a BOOTP message: old relays drop shorter ones.
 *   <li>What does not fit goes into the fields {@code file} and {@code sname} if they are empty
 *       (option 52, RFC 2132 section 9.3).
 *   <li>Never more than the limit; what the client asked for last is given up first.
 * </ul>
 */
public final class Encoder {
  /** The smallest message ever sent. */
  public static final int SMALLEST = 300;

  private static final int SNAME = 44;
  private static final int FILE = 108;

  private static final int[] FIRST = {
    Code.MESSAGE_TYPE, Code.SERVER_ID, Code.LEASE_TIME, Code.MESSAGE, Code.CLIENT_ID
  };

  private Encoder() {}

  /**
   * The bytes of a message.
   *
   * @param wanted option codes in the client's order of wish
   * @param limit how many bytes the message may have; at least {@link #SMALLEST}
   */
  public static Encoded encode(Message message, List<Integer> wanted, int limit) {
    var plain = encode(message, wanted, limit, false);
    // The fixed fields are used only if there is no other way: some clients cannot read them so.
    return plain.dropped().isEmpty() || message.file().size() > 0 && message.sname().size() > 0
        ? plain
        : encode(message, wanted, limit, true);
  }

  private static Encoded encode(
      Message message, List<Integer> wanted, int limit, boolean overloaded) {
    var out = new byte[Math.max(limit, SMALLEST)];
    header(message, out);
    var relay = message.options().get(Code.RELAY_INFO);
    int reserved = relay.map(Encoder::size).orElse(0) + (overloaded ? 3 : 0);
    var main = new Area(out, Message.HEADER, out.length, reserved);
    var areas = new ArrayList<>(List.of(main));
    if (overloaded && message.file().size() == 0) {
      areas.add(new Area(out, FILE, FILE + 128, 0));
    }
    if (overloaded && message.sname().size() == 0) {
      areas.add(new Area(out, SNAME, SNAME + 64, 0));
    }
    var dropped = new ArrayList<Integer>();
    for (int code : order(message.options(), wanted)) {
      var value = message.options().get(code).orElse(Octets.EMPTY);
      if (first(code) ? !main.must(code, value) : !put(areas, code, value)) {
        dropped.add(code);
      }
    }
    int used = 0;
    for (int i = 1; i < areas.size(); i++) {
      var area = areas.get(i);
      if (area.used()) {
        area.end();
        used |= area.from == FILE ? 1 : 2;
      }
    }
    if (used != 0) {
      main.must(Code.OVERLOAD, Octets.of((byte) used));
    }
    if (relay.isPresent() && !main.must(Code.RELAY_INFO, relay.get())) {
      dropped.add(Code.RELAY_INFO);
    }
    return new Encoded(Arrays.copyOf(out, Math.max(main.end(), SMALLEST)), dropped);
  }

  /** Puts an option whole into the first area that takes it, in the order of RFC 3396 section 5. */
  private static boolean put(List<Area> areas, int code, Octets value) {
    for (var area : areas) {
      if (area.may(code, value)) {
        return true;
      }
    }
    return false;
  }

  /** A part of the message that holds options. */
  private static final class Area {
    private final byte[] out;
    private final int from;
    private final int to;
    private final int reserved;
    private int at;

    Area(byte[] out, int from, int to, int reserved) {
      this.out = out;
      this.from = from;
      this.to = to - 1; // room for the end mark
      this.reserved = reserved;
      this.at = from;
    }

    /** Writes an option if there is room beside what is reserved. */
    boolean may(int code, Octets value) {
      return at + size(value) <= to - reserved && must(code, value);
    }

    /** Writes an option if there is any room. */
    boolean must(int code, Octets value) {
      if (at + size(value) > to) {
        return false;
      }
      at = write(out, at, code, value);
      return true;
    }

    boolean used() {
      return at > from;
    }

    /** Writes the end mark; the offset behind it. */
    int end() {
      out[at] = (byte) Code.END;
      return at + 1;
    }
  }

  private static void header(Message m, byte[] out) {
    out[0] = (byte) m.op();
    out[1] = (byte) m.hardware().type();
    out[2] = (byte) m.hardware().address().size();
    out[3] = (byte) m.hops();
    put(out, 4, m.xid());
    put(out, 8, m.secs() << 16 | m.flags() & 0xFFFF);
    put(out, 12, m.ciaddr().bits());
    put(out, 16, m.yiaddr().bits());
    put(out, 20, m.siaddr().bits());
    put(out, 24, m.giaddr().bits());
    m.hardware().address().copyTo(out, 28);
    System.arraycopy(m.sname().toBytes(), 0, out, 44, Math.min(63, m.sname().size()));
    System.arraycopy(m.file().toBytes(), 0, out, 108, Math.min(127, m.file().size()));
    put(out, 236, 0x63825363);
  }

  private static boolean first(int code) {
    for (int f : FIRST) {
      if (f == code) {
        return true;
      }
    }
    return false;
  }

  /** The codes there are, each once, in the order they are written; without option 82. */
  private static int[] order(Options options, List<Integer> wanted) {
    var order = new int[options.size()];
    var done = new boolean[256];
    done[Code.RELAY_INFO] = true;
    int n = 0;
    for (int code : FIRST) {
      n = add(order, n, code, options, done);
    }
    for (int i = 0; i < wanted.size(); i++) {
      int code = wanted.get(i);
      if (code == Code.ROUTERS && wanted.contains(Code.SUBNET_MASK)) {
        n = add(order, n, Code.SUBNET_MASK, options, done);
      }
      n = add(order, n, code, options, done);
    }
    for (int i = 0; i < options.size(); i++) {
      n = add(order, n, options.code(i), options, done);
    }
    return Arrays.copyOf(order, n);
  }

  private static int add(int[] order, int n, int code, Options options, boolean[] done) {
    if (done[code] || !options.has(code)) {
      return n;
    }
    done[code] = true;
    order[n] = code;
    return n + 1;
  }

  /** Bytes on the wire, with a code and a length for every 255 bytes. */
  private static int size(Octets value) {
    int pieces = Math.max(1, (value.size() + 254) / 255);
    return value.size() + 2 * pieces;
  }

  private static int write(byte[] out, int from, int code, Octets value) {
    if (value.size() <= 255) {
      out[from] = (byte) code;
      out[from + 1] = (byte) value.size();
      value.copyTo(out, from + 2);
      return from + 2 + value.size();
    }
    var bytes = value.toBytes();
    int at = from;
    for (int done = 0; done < bytes.length; done += 255) {
      int piece = Math.min(255, bytes.length - done);
      out[at] = (byte) code;
      out[at + 1] = (byte) piece;
      System.arraycopy(bytes, done, out, at + 2, piece);
      at += 2 + piece;
    }
    return at;
  }

  private static void put(byte[] out, int at, int value) {
    out[at] = (byte) (value >>> 24);
    out[at + 1] = (byte) (value >>> 16);
    out[at + 2] = (byte) (value >>> 8);
    out[at + 3] = (byte) value;
  }
}
