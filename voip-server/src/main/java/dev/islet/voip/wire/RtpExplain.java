package dev.islet.voip.wire;

import dev.islet.voip.model.MediaPayload;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Names every field of an RTP or RTCP packet, for the trace page, the documentation and failing
 * tests. Takes any bytes: what is wrong becomes the last field.
 */
public final class RtpExplain {
  /**
   * One field.
   *
   * @param name as the RFC has it
   * @param offset of its first byte in the packet
   * @param length in bytes; a field of some bits shares its bytes with others
   * @param value for people
   * @param section where the RFC defines it
   */
  public record Field(String name, int offset, int length, String value, String section) {}

  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final List<Field> fields = new ArrayList<>();

  private RtpExplain(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
  }

  /** The fields of a packet, in order. */
  public static List<Field> explain(byte[] packet) {
    var explained = new RtpExplain(packet);
    switch (MediaKind.of(explained.buffer, 0, packet.length)) {
      case RTP -> explained.rtp();
      case RTCP -> explained.rtcp();
      case DTLS -> explained.add("DTLS record", 0, packet.length, "", "RFC 5764 §5.1.2");
      case STUN -> explained.add("STUN message", 0, packet.length, "", "RFC 8489 §5");
      case OTHER -> explained.add("no media packet", 0, packet.length, "", "RFC 7983 §7");
    }
    return List.copyOf(explained.fields);
  }

  private void rtp() {
    var view = new RtpView();
    var check = view.wrap(buffer, 0, bytes.length);
    if (bytes.length < RtpView.HEADER) {
      fault(check.name());
      return;
    }
    String section = "RFC 3550 §5.1";
    add("version", 0, 1, "" + (u8(0) >> 6), section);
    add("padding", 0, 1, flag(u8(0) & 0x20), section);
    add("extension", 0, 1, flag(u8(0) & 0x10), section);
    add("CSRC count", 0, 1, "" + (u8(0) & 15), section);
    add("marker", 1, 1, flag(u8(1) & 0x80), section);
    add("payload type", 1, 1, payloadType(u8(1) & 0x7F), section);
    add("sequence number", 2, 2, "" + u16(2), section);
    add("timestamp", 4, 4, unsigned(4), section);
    add("SSRC", 8, 4, hex(8), section);
    if (check != RtpView.Check.OK) {
      fault(check.name());
      return;
    }
    int at = RtpView.HEADER;
    for (int i = 0; i < view.csrcCount(); i++, at += 4) {
      add("CSRC", at, 4, hex(at), section);
    }
    if ((u8(0) & 0x10) != 0) {
      add("extension profile", at, 2, "0x%04x".formatted(u16(at)), "RFC 3550 §5.3.1");
      add("extension length", at + 2, 2, u16(at + 2) + " words", "RFC 3550 §5.3.1");
      add("extension", at + 4, 4 * u16(at + 2), "", "RFC 3550 §5.3.1");
    }
    add(
        "payload",
        view.payloadOffset(),
        view.payloadLength(),
        view.payloadLength() + " bytes",
        "RFC 3551 §4.5");
    int padding = bytes.length - view.payloadOffset() - view.payloadLength();
    if (padding > 0) {
      add("padding", bytes.length - padding, padding, padding + " bytes", section);
    }
  }

  private void rtcp() {
    var view = new RtcpView();
    var check = view.wrap(buffer, 0, bytes.length);
    if (check != RtcpView.Check.OK) {
      fault(check.name());
      return;
    }
    int at = 0;
    while (view.next()) {
      int length = 4 * (u16(at + 2) + 1);
      String section = section(view.type());
      add("version", at, 1, "" + (u8(at) >> 6), "RFC 3550 §6.4.1");
      add("padding", at, 1, flag(u8(at) & 0x20), "RFC 3550 §6.4.1");
      add("count", at, 1, "" + (u8(at) & 31), section);
      add("packet type", at + 1, 1, view.type() + " " + name(view.type()), section);
      add("length", at + 2, 2, length + " bytes", "RFC 3550 §6.4.1");
      if (length >= 8) {
        add("SSRC", at + 4, 4, hex(at + 4), section);
      }
      int used = 8;
      if (view.senderReport()) {
        add("NTP timestamp", at + 8, 8, ntp(at + 8), "RFC 3550 §4");
        add("RTP timestamp", at + 16, 4, unsigned(at + 16), section);
        add("sender's packet count", at + 20, 4, unsigned(at + 20), section);
        add("sender's octet count", at + 24, 4, unsigned(at + 24), section);
        used = 28;
      }
      for (int i = 0; i < view.blocks(); i++, used += 24) {
        block(at + used, section);
      }
      if (used < length) {
        add("contents", at + used, length - used, "", section);
      }
      at += length;
    }
  }

  private void block(int at, String section) {
    add("reported SSRC", at, 4, hex(at), section);
    add("fraction lost", at + 4, 1, "%.1f %%".formatted(u8(at + 4) / 2.56), section);
    int lost = u8(at + 5) << 24 >> 8 | u16(at + 6);
    add("cumulative lost", at + 5, 3, "" + lost, section);
    add("extended highest sequence", at + 8, 4, unsigned(at + 8), section);
    add("jitter", at + 12, 4, unsigned(at + 12) + " ticks", "RFC 3550 A.8");
    add("last SR", at + 16, 4, hex(at + 16), section);
    double delay = Integer.toUnsignedLong(buffer.getInt(at + 20)) * 1_000.0 / 65_536;
    add("delay since last SR", at + 20, 4, String.format(Locale.ROOT, "%.3f ms", delay), section);
  }

  private static String section(int type) {
    return switch (type) {
      case 200 -> "RFC 3550 §6.4.1";
      case 201 -> "RFC 3550 §6.4.2";
      case 202 -> "RFC 3550 §6.5";
      case 203 -> "RFC 3550 §6.6";
      case 204 -> "RFC 3550 §6.7";
      case 205, 206 -> "RFC 4585 §6.1";
      case 207 -> "RFC 3611 §2";
      default -> "RFC 5761 §4";
    };
  }

  private static String name(int type) {
    return switch (type) {
      case 200 -> "sender report";
      case 201 -> "receiver report";
      case 202 -> "source description";
      case 203 -> "goodbye";
      case 204 -> "application-defined";
      case 205 -> "transport feedback";
      case 206 -> "payload feedback";
      case 207 -> "extended report";
      default -> "unknown";
    };
  }

  private static String payloadType(int type) {
    return MediaPayload.wellKnown(type).map(p -> type + " " + p.name()).orElse("" + type);
  }

  private String ntp(int at) {
    long seconds = Integer.toUnsignedLong(buffer.getInt(at)) - 2_208_988_800L;
    long nanos = Integer.toUnsignedLong(buffer.getInt(at + 4)) * 1_000_000_000L >>> 32;
    return Instant.ofEpochSecond(seconds, nanos).toString();
  }

  private void fault(String reason) {
    add("malformed: " + reason, 0, bytes.length, "", "RFC 3550 A.1, A.2");
  }

  private void add(String name, int offset, int length, String value, String section) {
    fields.add(new Field(name, offset, length, value, section));
  }

  private static String flag(int bit) {
    return bit == 0 ? "no" : "yes";
  }

  private int u8(int at) {
    return bytes[at] & 0xFF;
  }

  private int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  private String unsigned(int at) {
    return Integer.toUnsignedString(buffer.getInt(at));
  }

  private String hex(int at) {
    return "0x%08x".formatted(buffer.getInt(at));
  }
}
