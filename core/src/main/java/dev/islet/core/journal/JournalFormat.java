package dev.islet.core.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a journal, all numbers big-endian.
 *
 * <pre>
 *   file:    header, record…
 *   header:  "ISLETJNL" 8 | version u32 | CRC-32C of the 12 bytes before u32
 *   record:  payload length u32 | CRC-32C of length and payload u32 | payload
 * </pre>
 *
 * <p>The length is under the checksum too: a flipped bit in it does not join two records. Zeros, as
 * a power cut may leave them at the end of a file, are no record, since the checksum of nothing is
 * not zero.
 */
final class JournalFormat {
  static final int HEADER_BYTES = 16;
  static final int RECORD_HEAD_BYTES = 8;
  static final int VERSION = 1;

  private static final long MAGIC = 0x49534C_45544A_4E4CL; // ISLETJNL

  private JournalFormat() {}

  /** What the first bytes of a file say. */
  enum Header {
    GOOD,
    /** Written by an Islet that is newer than this one. */
    NEWER,
    /** Not a journal, or the header is damaged. */
    BAD
  }

  static byte[] header() {
    var header = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(VERSION);
    var crc = new CRC32C();
    crc.update(header.array(), 0, HEADER_BYTES - 4);
    return header.putInt((int) crc.getValue()).array();
  }

  static Header check(byte[] header) {
    var read = ByteBuffer.wrap(header);
    var crc = new CRC32C();
    crc.update(header, 0, HEADER_BYTES - 4);
    if (read.getLong() != MAGIC || read.getInt(HEADER_BYTES - 4) != (int) crc.getValue()) {
      return Header.BAD;
    }
    return read.getInt() == VERSION ? Header.GOOD : Header.NEWER;
  }

  static int crc(byte[] payload, int offset, int length) {
    var crc = new CRC32C();
    crc.update(length >>> 24);
    crc.update(length >>> 16);
    crc.update(length >>> 8);
    crc.update(length);
    crc.update(payload, offset, length);
    return (int) crc.getValue();
  }

  static byte[] head(byte[] payload) {
    return ByteBuffer.allocate(RECORD_HEAD_BYTES)
        .putInt(payload.length)
        .putInt(crc(payload, 0, payload.length))
        .array();
  }
}
