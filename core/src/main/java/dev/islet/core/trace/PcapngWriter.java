package dev.islet.core.trace;

import dev.islet.core.net.IpPackets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes trace events as a pcapng capture (draft-ietf-opsawg-pcapng) that Wireshark opens: each
 * packet with the sentence of its event as comment, time to the nanosecond, and the service as
 * interface. Events without a packet are left out.
 *
 * <p>What a service sees lies above IP, so headers are made up: real addresses and ports, right
 * checksums, and for TCP a sequence that grows by what was sent, so that streams are put together
 * again. What cannot be known (TTL, handshakes, retransmissions) is not there. To see a protocol
 * decoded on a port that is not its own, tell Wireshark with "Decode As".
 *
 * <p>Safe for use by several threads.
 */
public final class PcapngWriter implements AutoCloseable {
  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int NAME_RESOLUTION = 4;
  private static final int ENHANCED_PACKET = 6;
  private static final int LINKTYPE_RAW = 101;

  private static final int OPTION_END = 0;
  private static final int OPTION_COMMENT = 1;
  private static final int OPTION_NAME = 2;
  private static final int OPTION_APPLICATION = 4;
  private static final int OPTION_TIME_RESOLUTION = 9;

  /** How many TCP streams are remembered; the one quiet for longest begins anew. */
  private static final int FLOWS = 4096;

  private record Flow(InetSocketAddress source, InetSocketAddress destination) {
    Flow reversed() {
      return new Flow(destination, source);
    }
  }

  private final OutputStream out;
  private final Map<String, Integer> interfaces = new HashMap<>();

  /** The number of the next byte of each direction of a stream. */
  private final Map<Flow, Integer> sequences =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Flow, Integer> eldest) {
          return size() > FLOWS;
        }
      };

  /**
   * Begins a capture.
   *
   * @param out takes the bytes; buffer it if it is a file. Closed with this
   */
  public PcapngWriter(OutputStream out) throws IOException {
    this.out = out;
    var options = options(16);
    option(options, OPTION_APPLICATION, "Islet".getBytes(StandardCharsets.UTF_8));
    var body = ByteBuffer.allocate(16 + options.position() + 4);
    body.putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0).putLong(-1);
    block(SECTION, end(body, options));
  }

  /** Writes the packet of an event, if it has one, and passes it on to the stream. */
  public synchronized void write(TraceRecord record) throws IOException {
    var packet = record.event().packet().orElse(null);
    if (packet == null) {
      return;
    }
    int nic = nic(record.service());
    var note = record.event().note();
    switch (packet.transport()) {
      case IP -> packet(nic, record.at(), packet.payload(), note);
      case UDP -> {
        var payload = packet.payload();
        if (payload.length > IpPackets.MAX_UDP_PAYLOAD) {
          payload = Arrays.copyOf(payload, IpPackets.MAX_UDP_PAYLOAD);
        }
        packet(
            nic,
            record.at(),
            IpPackets.udp(known(packet.source()), known(packet.destination()), 64, payload),
            note);
      }
      case TCP -> tcp(nic, record.at(), packet, note);
    }
    out.flush();
  }

  /**
   * Writes a block that says nothing, so that a reader who has gone is noticed, and passes it on.
   */
  public synchronized void keepAlive() throws IOException {
    block(NAME_RESOLUTION, new byte[4]); // a list of names that ends at once
    out.flush();
  }

  /** One segment, or as many as the payload needs; the comment is at the first. */
  private void tcp(int nic, Instant at, Packet packet, String note) throws IOException {
    var flow = new Flow(known(packet.source()), known(packet.destination()));
    var payload = packet.payload();
    int sent = 0;
    do {
      int length = Math.min(IpPackets.MAX_TCP_PAYLOAD, payload.length - sent);
      int sequence = sequences.getOrDefault(flow, 1);
      int acknowledged = sequences.getOrDefault(flow.reversed(), 1);
      boolean last = sent + length == payload.length;
      packet(
          nic,
          at,
          IpPackets.tcp(
              flow.source(),
              flow.destination(),
              sequence,
              acknowledged,
              last ? IpPackets.PSH | IpPackets.ACK : IpPackets.ACK,
              ByteBuffer.wrap(payload, sent, length)),
          sent == 0 ? note : "");
      sequences.put(flow, sequence + length);
      sent += length;
    } while (sent < payload.length);
  }

  /** An address that was never resolved is written as 0.0.0.0. */
  private static InetSocketAddress known(InetSocketAddress address) {
    if (!address.isUnresolved()) {
      return address;
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[4]), address.getPort());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number of a service's interface, described on first use. */
  private int nic(String service) throws IOException {
    var known = interfaces.get(service);
    if (known != null) {
      return known;
    }
    var name = service.getBytes(StandardCharsets.UTF_8);
    var options = options(name.length + 16);
    option(options, OPTION_NAME, name);
    option(options, OPTION_TIME_RESOLUTION, new byte[] {9}); // 10^-9 s
    var body = ByteBuffer.allocate(8 + options.position() + 4);
    body.putShort((short) LINKTYPE_RAW).putShort((short) 0).putInt(0); // no length limit
    block(INTERFACE, end(body, options));
    interfaces.put(service, interfaces.size());
    return interfaces.size() - 1;
  }

  private void packet(int nic, Instant at, byte[] data, String note) throws IOException {
    var comment = note.getBytes(StandardCharsets.UTF_8);
    if (comment.length > 0xFFFF) {
      comment = Arrays.copyOf(comment, boundary(comment, 0xFFFF));
    }
    var options = options(comment.length + 8);
    if (comment.length > 0) {
      option(options, OPTION_COMMENT, comment);
    }
    long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
    var body = ByteBuffer.allocate(20 + padded(data.length) + options.position() + 4);
    body.putInt(nic).putLong(nanos).putInt(data.length).putInt(data.length).put(data);
    body.position(20 + padded(data.length));
    block(ENHANCED_PACKET, end(body, options));
  }

  /** The last place at or before a limit where a UTF-8 character begins. */
  private static int boundary(byte[] utf8, int limit) {
    int at = limit;
    while ((utf8[at] & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }

  private static ByteBuffer options(int room) {
    return ByteBuffer.allocate(room + 16);
  }

  private static void option(ByteBuffer options, int code, byte[] value) {
    options.putShort((short) code).putShort((short) value.length).put(value);
    options.position(padded(options.position()));
  }

  private static byte[] end(ByteBuffer body, ByteBuffer options) {
    if (options.position() > 0) {
      body.put(options.flip()).putShort((short) OPTION_END).putShort((short) 0);
    }
    return Arrays.copyOf(body.array(), body.position());
  }

  /**
   * {@code type u32 | length u32 | body | length u32}, all big-endian as the section header says.
   */
  private void block(int type, byte[] body) throws IOException {
    int length = body.length + 12;
    out.write(
        ByteBuffer.allocate(length).putInt(type).putInt(length).put(body).putInt(length).array());
  }

  private static int padded(int length) {
    return length + 3 & ~3;
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
