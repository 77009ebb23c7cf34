package dev.islet.dns.resolve;

import dev.islet.dns.model.Question;
import dev.islet.dns.wire.MessageView;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** The bytes of a query to another server. */
final class Query {
  private static final int UDP_SIZE = 1_232;
  private static final int TYPE_OPT = 41;
  private static final int OPTION_COOKIE = 10;
  private static final int OPTION_PADDING = 12;
  private static final int PADDED = 128;

  private Query() {}

  /**
   * @param name on the wire, in the case it is to be sent in
   */
  static byte[] write(int id, byte[] name, Question question, Form form, byte[] cookie) {
    int options = cookie.length == 0 ? 0 : 4 + cookie.length;
    var out = ByteBuffer.allocate(12 + name.length + 4 + (form.edns() ? 11 + options : 0));
    int flags = (form.recursionDesired() ? 0x0100 : 0) | (form.checkingDisabled() ? 0x0010 : 0);
    out.putShort((short) id).putShort((short) flags);
    out.putShort((short) 1).putShort((short) 0).putShort((short) 0);
    out.putShort((short) (form.edns() ? 1 : 0));
    out.put(name).putShort((short) question.type()).putShort((short) question.dclass());
    if (form.edns()) {
      out.put((byte) 0).putShort((short) TYPE_OPT).putShort((short) UDP_SIZE);
      out.putShort((short) 0).putShort((short) (form.dnssecOk() ? 0x8000 : 0));
      out.putShort((short) options);
      if (options > 0) {
        out.putShort((short) OPTION_COOKIE).putShort((short) cookie.length).put(cookie);
      }
    }
    return out.array();
  }

  /**
   * A reply with the question's name as we know it: names that were compressed to it must not keep
   * the case that was made up for the query.
   */
  static byte[] restored(byte[] reply, byte[] name) {
    int at = MessageView.HEADER;
    if (reply.length < at + name.length || reply[5] != 1) {
      return reply;
    }
    var restored = reply.clone();
    System.arraycopy(name, 0, restored, at, name.length);
    return restored;
  }

  /**
   * The same query, grown to a multiple of 128 bytes (RFC 7830, RFC 8467 section 4.1), so that its
   * size does not tell the name.
   *
   * @param query with an OPT record at its end, without options
   */
  static byte[] padded(byte[] query) {
    int zeros = Math.floorMod(-(query.length + 4), PADDED);
    var out = ByteBuffer.allocate(query.length + 4 + zeros).put(query);
    out.putShort(query.length - 2, (short) (4 + zeros));
    return out.putShort((short) OPTION_PADDING).putShort((short) zeros).array();
  }

  /** Gives each letter of a name on the wire a random case. */
  static byte[] mixed(byte[] name, RandomGenerator random) {
    var mixed = name.clone();
    long bits = 0;
    int left = 0;
    for (int at = 0; mixed[at] != 0; at += 1 + mixed[at]) {
      for (int i = at + 1; i <= at + mixed[at]; i++) {
        int upper = mixed[i] & ~0x20;
        if (upper >= 'A' && upper <= 'Z') {
          if (left == 0) {
            bits = random.nextLong();
            left = Long.SIZE;
          }
          mixed[i] = (byte) (upper | (bits & 1) << 5);
          bits >>>= 1;
          left--;
        }
      }
    }
    return mixed;
  }
}
