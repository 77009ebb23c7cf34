package dev.islet.voip.media;

import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.wire.RtpView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A stream of RTP as it arrives after a made-up network; can be measured and written as pcap. */
final class RtpTape {
  static final int PORT = 20_000;

  /** One packet with its time of arrival in microseconds, the resolution of the file. */
  record Arrival(long micros, byte[] rtp) {}

  private final List<Arrival> arrivals = new ArrayList<>();

  RtpTape add(long micros, int type, boolean marker, int number, int timestamp, int payload) {
    var rtp = ByteBuffer.allocate(12 + payload);
    rtp.put((byte) 0x80).put((byte) ((marker ? 0x80 : 0) | type)).putShort((short) number);
    rtp.putInt(timestamp).putInt(0xCAFE);
    arrivals.add(new Arrival(micros, rtp.array()));
    return this;
  }

  /** A steady sender of 20 ms G.711 behind a network with these faults, in percent and ms. */
  static RtpTape network(
      Random random, int packets, double loss, double late, double twice, double jitterMs) {
    var tape = new RtpTape();
    int number = random.nextInt(0x10000);
    int timestamp = random.nextInt();
    for (int i = 0; i < packets; i++) {
      long sent = 1_000_000L + i * 20_000L;
      boolean edge = i == 0 || i >= packets - 3;
      if (!edge && random.nextDouble(100) < loss) {
        continue;
      }
      long delay = Math.round(jitterMs * 1_000 * random.nextDouble());
      delay += !edge && random.nextDouble(100) < late ? 45_000 : 0;
      tape.add(sent + delay, 8, i == 0, number + i & 0xFFFF, timestamp + 160 * i, 160);
      if (!edge && random.nextDouble(100) < twice) {
        tape.add(sent + delay + 300, 8, false, number + i & 0xFFFF, timestamp + 160 * i, 160);
      }
    }
    return tape.sorted();
  }

  RtpTape sorted() {
    arrivals.sort(Comparator.comparingLong(Arrival::micros));
    return this;
  }

  StreamQuality measured() {
    return measured(new PayloadTable());
  }

  StreamQuality measured(PayloadTable payloads) {
    var meter = new StreamMeter(MediaLeg.A, 0xCAFE, payloads);
    var view = new RtpView();
    for (var arrival : arrivals) {
      view.wrap(ByteBuffer.wrap(arrival.rtp()), 0, arrival.rtp().length);
      meter.on(arrival.micros() * 1_000, view);
    }
    return meter.quality(Optional.empty());
  }

  /** The classic capture format, Ethernet, IPv4, UDP without checksum. */
  void write(Path file) throws IOException {
    var out = new ByteArrayOutputStream();
    var head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    out.writeBytes(head.putInt(65_535).putInt(1).array());
    for (var arrival : arrivals) {
      int udp = 8 + arrival.rtp().length;
      var frame = ByteBuffer.allocate(14 + 20 + udp);
      frame.position(12);
      frame.putShort((short) 0x0800).put((byte) 0x45).put((byte) 0).putShort((short) (20 + udp));
      frame.putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0);
      frame.putInt(0x0a000001).putInt(0x0a000002);
      frame.putShort((short) 10_000).putShort((short) PORT).putShort((short) udp);
      frame.putShort((short) 0).put(arrival.rtp());
      var record = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      record.putInt((int) (1_700_000_000L + arrival.micros() / 1_000_000));
      record.putInt((int) (arrival.micros() % 1_000_000));
      out.writeBytes(record.putInt(frame.capacity()).putInt(frame.capacity()).array());
      out.writeBytes(frame.array());
    }
    Files.write(file, out.toByteArray());
  }
}
