package dev.islet.voip.store;

import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaPayload;
import dev.islet.voip.model.QualityLeg;
import dev.islet.voip.model.StreamLoss;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.model.StreamSpread;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** Call records as bytes for the journal: a version byte, then the fields in order. */
final class CallRecordCodec {
  private static final int VERSION = 1;

  /** Longer texts are cut: they come from the network. */
  private static final int MAX_TEXT = 1_000;

  private CallRecordCodec() {}

  static byte[] encode(long number, CallRecord record) {
    var bytes = new ByteArrayOutputStream(512);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(number);
      text(out, record.callId());
      text(out, record.caller());
      text(out, record.callee());
      instant(out, record.invited());
      optional(out, record.answered(), CallRecordCodec::instant);
      instant(out, record.ended());
      out.writeInt(record.status());
      text(out, record.reason());
      optional(out, record.quality(), CallRecordCodec::quality);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is of another version or cut
   */
  static NumberedCall decode(DataInputStream in) throws IOException {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException("call record of version " + version + ", expected " + VERSION);
    }
    long number = in.readLong();
    return new NumberedCall(
        number,
        new CallRecord(
            in.readUTF(),
            in.readUTF(),
            in.readUTF(),
            instant(in),
            optional(in, CallRecordCodec::instant),
            instant(in),
            in.readInt(),
            in.readUTF(),
            optional(in, CallRecordCodec::quality)));
  }

  private static void quality(DataOutputStream out, CallQuality quality) throws IOException {
    leg(out, quality.a());
    leg(out, quality.b());
    out.writeShort(quality.streams().size());
    for (var stream : quality.streams()) {
      stream(out, stream);
    }
  }

  private static CallQuality quality(DataInputStream in) throws IOException {
    var a = leg(in);
    var b = leg(in);
    int count = in.readUnsignedShort();
    var streams = new ArrayList<StreamQuality>();
    for (int i = 0; i < count; i++) {
      streams.add(stream(in));
    }
    return new CallQuality(a, b, streams);
  }

  private static void leg(DataOutputStream out, QualityLeg leg) throws IOException {
    out.writeByte(leg.leg().ordinal());
    optional(out, leg.source(), CallRecordCodec::address);
    optional(out, leg.roundTripMs(), DataOutputStream::writeDouble);
    out.writeLong(leg.strangers());
    out.writeLong(leg.malformed());
    out.writeLong(leg.throttled());
    out.writeLong(leg.undelivered());
  }

  private static QualityLeg leg(DataInputStream in) throws IOException {
    return new QualityLeg(
        side(in),
        optional(in, CallRecordCodec::address),
        optional(in, DataInputStream::readDouble),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  private static void stream(DataOutputStream out, StreamQuality s) throws IOException {
    out.writeByte(s.from().ordinal());
    out.writeLong(s.ssrc());
    out.writeByte(s.payloadType());
    optional(out, s.payload(), CallRecordCodec::payload);
    instant(out, s.first());
    instant(out, s.last());
    out.writeLong(s.packets());
    out.writeLong(s.bytes());
    out.writeLong(s.loss().expected());
    out.writeLong(s.loss().lost());
    out.writeLong(s.loss().duplicates());
    out.writeLong(s.loss().reordered());
    optional(out, s.jitter(), CallRecordCodec::spread);
    spread(out, s.delta());
    optional(out, s.delayMs(), DataOutputStream::writeDouble);
    optional(out, s.mos(), DataOutputStream::writeDouble);
  }

  private static StreamQuality stream(DataInputStream in) throws IOException {
    return new StreamQuality(
        side(in),
        in.readLong(),
        in.readByte(),
        optional(in, CallRecordCodec::payload),
        instant(in),
        instant(in),
        in.readLong(),
        in.readLong(),
        new StreamLoss(in.readLong(), in.readLong(), in.readLong(), in.readLong()),
        optional(in, CallRecordCodec::spread),
        spread(in),
        optional(in, DataInputStream::readDouble),
        optional(in, DataInputStream::readDouble));
  }

  private static void payload(DataOutputStream out, MediaPayload p) throws IOException {
    out.writeByte(p.type());
    text(out, p.codec());
    out.writeInt(p.clockRate());
    out.writeShort(p.channels());
  }

  private static MediaPayload payload(DataInputStream in) throws IOException {
    return new MediaPayload(in.readByte(), in.readUTF(), in.readInt(), in.readUnsignedShort());
  }

  private static void spread(DataOutputStream out, StreamSpread s) throws IOException {
    out.writeDouble(s.min());
    out.writeDouble(s.mean());
    out.writeDouble(s.max());
    out.writeDouble(s.last());
  }

  private static StreamSpread spread(DataInputStream in) throws IOException {
    return new StreamSpread(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
  }

  private static void address(DataOutputStream out, InetSocketAddress a) throws IOException {
    var bytes = a.getAddress().getAddress();
    out.writeByte(bytes.length);
    out.write(bytes);
    out.writeShort(a.getPort());
  }

  private static InetSocketAddress address(DataInputStream in) throws IOException {
    var bytes = in.readNBytes(in.readByte());
    return new InetSocketAddress(InetAddress.getByAddress(bytes), in.readUnsignedShort());
  }

  private static void instant(DataOutputStream out, Instant at) throws IOException {
    out.writeLong(at.getEpochSecond());
    out.writeInt(at.getNano());
  }

  private static Instant instant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static MediaLeg side(DataInputStream in) throws IOException {
    return in.readByte() == 0 ? MediaLeg.A : MediaLeg.B;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeUTF(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
  }

  private interface Writer<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private static <T> void optional(DataOutputStream out, Optional<T> value, Writer<T> writer)
      throws IOException {
    out.writeBoolean(value.isPresent());
    if (value.isPresent()) {
      writer.write(out, value.get());
    }
  }

  private static <T> Optional<T> optional(DataInputStream in, Reader<T> reader) throws IOException {
    return in.readBoolean() ? Optional.of(reader.read(in)) : Optional.empty();
  }
}
