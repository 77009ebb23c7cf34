package dev.islet.dns.store;

import dev.islet.dns.update.Change;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.ZoneBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * A change as bytes: version 1, origin, name of the baseline, serial, then the removed and the
 * added records, each list and each record with its length before it.
 */
final class ChangeCodec {
  private static final int VERSION = 1;

  private ChangeCodec() {}

  static byte[] write(Change change) {
    var bytes = new ByteArrayOutputStream(128);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      sized(out, change.zone().toWire());
      out.writeUTF(change.base());
      out.writeInt((int) change.serial());
      records(out, change.removed());
      records(out, change.added());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  static Change read(ByteBuffer record) throws IOException {
    var bytes = new byte[record.remaining()];
    record.get(bytes);
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("an entry of version " + version + ", known is " + VERSION);
      }
      var zone = new Name(sized(in));
      var base = in.readUTF();
      long serial = in.readInt() & 0xFFFF_FFFFL;
      return new Change(zone, base, serial, records(in), records(in));
    }
  }

  static void records(DataOutputStream out, List<Record> records) throws IOException {
    out.writeInt(records.size());
    for (var record : records) {
      sized(out, record.toWire(Section.ANSWER));
    }
  }

  static List<Record> records(DataInputStream in) throws IOException {
    int count = in.readInt();
    var records = new ArrayList<Record>();
    for (int i = 0; i < count; i++) {
      records.add(Record.fromWire(sized(in), Section.ANSWER));
    }
    return records;
  }

  /** Reads one record of a list into a zone, without an object made of it. */
  static void record(DataInputStream in, ZoneBuilder into) throws IOException {
    var bytes = sized(in);
    int name = WireName.length(bytes, 0);
    var head = ByteBuffer.wrap(bytes, name, 10);
    int type = head.getShort() & 0xFFFF;
    head.getShort(); // the class
    long ttl = head.getInt() & 0xFFFF_FFFFL;
    int length = head.getShort() & 0xFFFF;
    var data = Arrays.copyOfRange(bytes, name + 10, name + 10 + length);
    into.add(bytes, name, type, ttl, data, length);
  }

  private static void sized(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private static byte[] sized(DataInputStream in) throws IOException {
    var bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return bytes;
  }
}
