package dev.islet.voip.sdp;

import dev.islet.voip.model.MediaDirection;
import dev.islet.voip.model.MediaPayload;
import dev.islet.voip.model.MediaTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One media section of a description, with what it inherits from the session (RFC 8866 §5.14).
 *
 * @param type {@code audio}, {@code video}, {@code image}, …
 * @param port 0 means refused or ended (RFC 3264 §6)
 * @param profile like {@code RTP/AVP} or {@code RTP/SAVP}
 * @param formats what follows on the m= line: payload types for RTP
 * @param connection the section's address or else the session's; empty if missing or a host name
 * @param direction what the writer wants; an unspecified address counts as hold (RFC 3264 §8.4)
 * @param payloads the RTP payload types with their meaning, those of unknown meaning left out
 * @param lines the section verbatim, m= line first, without line ends
 */
public record SdpMedia(
    String type,
    int port,
    String profile,
    List<String> formats,
    Optional<InetAddress> connection,
    MediaDirection direction,
    List<MediaPayload> payloads,
    List<String> lines) {
  public SdpMedia {
    formats = List.copyOf(formats);
    payloads = List.copyOf(payloads);
    lines = List.copyOf(lines);
  }

  /** Empty if the m= line is broken. */
  static Optional<SdpMedia> of(List<String> lines, List<String> session) {
    var parts = lines.getFirst().substring(2).strip().split(" +");
    if (parts.length < 4) {
      return Optional.empty();
    }
    int slash = parts[1].indexOf('/');
    int port = SdpLines.number(slash < 0 ? parts[1] : parts[1].substring(0, slash), 65_535);
    if (port < 0) {
      return Optional.empty();
    }
    var formats = List.of(parts).subList(3, parts.length);
    var connection =
        firstConnection(lines).or(() -> firstConnection(session)).flatMap(SdpLines::address);
    return Optional.of(
        new SdpMedia(
            parts[0],
            port,
            parts[2],
            formats,
            connection,
            direction(lines, session, connection),
            payloads(formats, lines),
            lines));
  }

  /** Whether the relay carries it: audio over RTP, plain or encrypted, not refused. */
  public boolean relayable() {
    return type.equals("audio") && port != 0 && profile.contains("RTP/");
  }

  /** Where media is wanted; empty for a refused section, a host name or a multicast address. */
  public Optional<MediaTarget> target() {
    if (port == 0 || connection.isEmpty()) {
      return Optional.empty();
    }
    var address = connection.get();
    if (address.isMulticastAddress()) {
      return Optional.empty();
    }
    var rtp = new InetSocketAddress(address, port);
    return Optional.of(new MediaTarget(rtp, rtcp(rtp), direction, payloads));
  }

  /** RTCP: a=rtcp:port [IN IP4 address] of RFC 3605, else the port above (RFC 3550 §11). */
  private InetSocketAddress rtcp(InetSocketAddress rtp) {
    for (var line : lines) {
      var value = SdpLines.attribute(line, "rtcp");
      if (value.isPresent()) {
        var parts = value.get().split(" +");
        int port = SdpLines.number(parts[0], 65_535);
        var address =
            parts.length >= 4 ? SdpLines.literal(parts[3]) : Optional.of(rtp.getAddress());
        if (port > 0 && address.isPresent() && !address.get().isMulticastAddress()) {
          return new InetSocketAddress(address.get(), port);
        }
      }
    }
    return new InetSocketAddress(rtp.getAddress(), Math.min(65_535, rtp.getPort() + 1));
  }

  /** The lines with the relay's address and this port; 0 refuses the section. */
  List<String> redirected(InetAddress relay, int newPort, boolean needsConnection) {
    var out = new ArrayList<String>();
    boolean connected = !needsConnection || newPort == 0;
    for (var line : lines) {
      if (SdpLines.leadsAround(line)) {
        continue;
      }
      if (line.startsWith("m=")) {
        out.add("m=" + type + " " + newPort + " " + profile + " " + String.join(" ", formats));
        continue;
      }
      if (SdpLines.isConnection(line)) {
        out.add(SdpLines.connect(line, relay));
        connected = true;
        continue;
      }
      // c= stands after i= and before b=, k= and a= (RFC 8866 §9).
      if (!connected && !line.startsWith("i=")) {
        out.add(SdpLines.connection(relay));
        connected = true;
      }
      if (SdpLines.attribute(line, "rtcp").isPresent()) {
        if (newPort != 0) {
          out.add("a=rtcp:" + (newPort + 1));
        }
        continue;
      }
      out.add(line);
    }
    if (!connected) {
      out.add(SdpLines.connection(relay));
    }
    return out;
  }

  private static Optional<String> firstConnection(List<String> lines) {
    return lines.stream().filter(SdpLines::isConnection).findFirst();
  }

  private static MediaDirection direction(
      List<String> lines, List<String> session, Optional<InetAddress> connection) {
    var said = written(lines).or(() -> written(session)).orElse(MediaDirection.SENDRECV);
    if (connection.map(InetAddress::isAnyLocalAddress).orElse(false)) {
      return said == MediaDirection.SENDRECV || said == MediaDirection.SENDONLY
          ? MediaDirection.SENDONLY
          : MediaDirection.INACTIVE;
    }
    return said;
  }

  private static Optional<MediaDirection> written(List<String> lines) {
    for (var line : lines) {
      for (var direction : MediaDirection.values()) {
        if (SdpLines.isAttribute(line, direction.attribute())) {
          return Optional.of(direction);
        }
      }
    }
    return Optional.empty();
  }

  private static List<MediaPayload> payloads(List<String> formats, List<String> lines) {
    var found = new ArrayList<MediaPayload>();
    for (var format : formats) {
      int type = SdpLines.number(format, 127);
      if (type >= 0 && found.stream().noneMatch(p -> p.type() == type)) {
        mapped(type, lines).or(() -> MediaPayload.wellKnown(type)).ifPresent(found::add);
      }
    }
    return found;
  }

  /** a=rtpmap:type codec/rate[/channels] (RFC 8866 §6.6). */
  private static Optional<MediaPayload> mapped(int type, List<String> lines) {
    for (var line : lines) {
      var value = SdpLines.attribute(line, "rtpmap");
      if (value.isEmpty()) {
        continue;
      }
      var parts = value.get().split("[ /]+");
      if (parts.length < 3 || SdpLines.number(parts[0], 127) != type || parts[1].isEmpty()) {
        continue;
      }
      int rate = SdpLines.number(parts[2], 999_999_999);
      int channels = parts.length > 3 ? SdpLines.number(parts[3], 255) : 1;
      if (rate > 0) {
        return Optional.of(new MediaPayload(type, parts[1], rate, Math.max(1, channels)));
      }
    }
    return Optional.empty();
  }
}
