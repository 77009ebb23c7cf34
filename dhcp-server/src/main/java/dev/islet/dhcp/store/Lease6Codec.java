package dev.islet.dhcp.store;

import dev.islet.dhcp.lease6.Lease6Record;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A record of an IPv6 lease as bytes.
 *
 * <pre>
 * version 1 | state 1 | address 16 | length 1 | until 8 | at 8 | IAID 4 | DUID length 1, bytes |
 * name length 1, bytes (since version 2)
 * </pre>
 */
final class Lease6Codec {
  private static final byte WITHOUT_NAME = 1;
  private static final byte VERSION = 2;

  private Lease6Codec() {}

  static byte[] encode(Lease6Record record) {
    var out = ByteBuffer.allocate(384);
    out.put(VERSION).put((byte) record.state().ordinal()).put(record.address().toBytes());
    out.put((byte) record.length()).putLong(record.until()).putLong(record.at());
    out.putInt(record.iaid()).put((byte) record.duid().size()).put(record.duid().toBytes());
    var name = record.name().getBytes(StandardCharsets.US_ASCII);
    out.put((byte) name.length).put(name);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The record; empty for bytes of another version. */
  static Optional<Lease6Record> decode(ByteBuffer in) {
    try {
      byte version = in.get();
      if (version != VERSION && version != WITHOUT_NAME) {
        return Optional.empty();
      }
      var state = LeaseState.values()[in.get()];
      var address = new Ip6(in.getLong(), in.getLong());
      int length = in.get() & 0xFF;
      long until = in.getLong();
      long at = in.getLong();
      int iaid = in.getInt();
      var duid = new byte[in.get() & 0xFF];
      in.get(duid);
      var name = new byte[version == WITHOUT_NAME ? 0 : in.get() & 0xFF];
      in.get(name);
      return Optional.of(
          new Lease6Record(
              address,
              length,
              state,
              Octets.of(duid),
              iaid,
              until,
              new String(name, StandardCharsets.US_ASCII),
              at));
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
