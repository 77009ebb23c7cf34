package dev.islet.dhcp.store;

import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A lease record as bytes: at most 128 for Ethernet.
 *
 * <pre>
 * version 1 | state 1 | address 4 | until 8 | at 8 | hardware type 1, length 1, bytes |
 * owner kind 1, length 1, bytes | name length 1, bytes
 * </pre>
 */
final class LeaseCodec {
  private static final byte VERSION = 1;

  private LeaseCodec() {}

  static byte[] encode(LeaseRecord record) {
    var out = ByteBuffer.allocate(512);
    out.put(VERSION).put((byte) record.state().ordinal()).putInt(record.address().bits());
    out.putLong(record.until()).putLong(record.at());
    out.put((byte) record.hardware().type());
    put(out, record.hardware().address());
    // A client without an identifier is its hardware address, which is there already.
    boolean same = record.owner().equals(ClientKey.of(record.hardware()));
    out.put((byte) record.owner().kind().ordinal());
    put(out, same ? Octets.EMPTY : record.owner().value());
    put(out, Octets.of(record.name().getBytes(StandardCharsets.US_ASCII)));
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The record; empty for bytes of another version. */
  static Optional<LeaseRecord> decode(ByteBuffer in) {
    try {
      if (in.get() != VERSION) {
        return Optional.empty();
      }
      var state = LeaseState.values()[in.get()];
      var address = new Ip4(in.getInt());
      long until = in.getLong();
      long at = in.getLong();
      var hardware = new HardwareAddress(in.get() & 0xFF, take(in));
      var kind = ClientKey.Kind.values()[in.get()];
      var value = take(in);
      var owner =
          kind == ClientKey.Kind.HARDWARE && value.size() == 0
              ? ClientKey.of(hardware)
              : new ClientKey(kind, value);
      var name = new String(take(in).toBytes(), StandardCharsets.US_ASCII);
      return Optional.of(new LeaseRecord(address, state, owner, hardware, until, name, at));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void put(ByteBuffer out, Octets bytes) {
    out.put((byte) bytes.size());
    bytes.copyTo(out.array(), out.position());
    out.position(out.position() + bytes.size());
  }

  private static Octets take(ByteBuffer in) {
    var bytes = new byte[in.get() & 0xFF];
    in.get(bytes);
    return Octets.of(bytes);
  }
}
