package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import java.nio.ByteBuffer;

/** The bytes of a question to an upstream server. */
final class Query {
  private static final int UDP_SIZE = 1_232;
  private static final int TYPE_OPT = 41;

  private Query() {}

  /** RD is set; CD and DO as the asker wants; one OPT record unless {@code plain}. */
  static byte[] write(int id, CacheKey key, boolean plain) {
    var name = key.question().name().toWire();
    var out = ByteBuffer.allocate(12 + name.length + 4 + (plain ? 0 : 11));
    out.putShort((short) id);
    out.putShort((short) (0x0100 | (key.checkingDisabled() ? 0x0010 : 0)));
    out.putShort((short) 1).putShort((short) 0).putShort((short) 0);
    out.putShort((short) (plain ? 0 : 1));
    out.put(name).putShort((short) key.question().type()).putShort((short) key.question().dclass());
    if (!plain) {
      out.put((byte) 0).putShort((short) TYPE_OPT).putShort((short) UDP_SIZE);
      out.putShort((short) 0).putShort((short) (key.dnssecOk() ? 0x8000 : 0)).putShort((short) 0);
    }
    return out.array();
  }
}
