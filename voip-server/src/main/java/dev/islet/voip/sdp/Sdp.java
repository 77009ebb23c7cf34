package dev.islet.voip.sdp;

import dev.islet.voip.model.MediaTarget;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session description (RFC 8866), immutable. Lines this class does not understand are kept byte
 * for byte and in order; line ends become CRLF.
 */
public final class Sdp {
  /** Longer bodies are refused: no phone sends them, and a line costs memory. */
  public static final int MAX_BYTES = 32 * 1024;

  /** More media than this is refused; phones use one to four. */
  public static final int MAX_MEDIA = 32;

  private final List<String> session;
  private final List<SdpMedia> media;

  private Sdp(List<String> session, List<SdpMedia> media) {
    this.session = List.copyOf(session);
    this.media = List.copyOf(media);
  }

  /** What {@link #parse} found. */
  public sealed interface Result {
    /** The description, if it was one. */
    default Optional<Sdp> sdp() {
      return switch (this) {
        case Parsed(var sdp) -> Optional.of(sdp);
        case Malformed _ -> Optional.empty();
      };
    }
  }

  /** A description that can be worked with. */
  public record Parsed(Sdp value) implements Result {}

  /**
   * No description: answer 488, or 400 if it was to be an offer.
   *
   * @param line the line at fault, from 1
   * @param reason for the trace and the Warning header
   */
  public record Malformed(int line, String reason) implements Result {}

  /**
   * Reads a description. Lenient where phones are careless (bare LF, missing s= or t=), strict
   * where media would go astray (m= and c= lines). Never throws.
   */
  public static Result parse(byte[] body) {
    if (body.length > MAX_BYTES) {
      return new Malformed(1, "longer than " + MAX_BYTES + " bytes");
    }
    // One byte is one char, so that whatever charset a line was in survives.
    var lines = new String(body, StandardCharsets.ISO_8859_1).split("\r\n|\n|\r", -1);
    var session = new ArrayList<String>();
    var sections = new ArrayList<List<String>>();
    for (int i = 0; i < lines.length; i++) {
      var line = lines[i];
      if (line.isEmpty()) {
        // Trailing line ends are harmless; anything after an empty line is no description.
        if (blankFrom(lines, i)) {
          break;
        }
        return new Malformed(i + 1, "empty line inside the description");
      }
      if (line.length() < 2 || line.charAt(1) != '=' || !isLetter(line.charAt(0))) {
        return new Malformed(i + 1, "not of the form <letter>=<value>");
      }
      if (i == 0 && !line.equals("v=0")) {
        return new Malformed(1, "does not begin with v=0 (RFC 8866 §5.1)");
      }
      if (line.charAt(0) == 'm') {
        if (sections.size() == MAX_MEDIA) {
          return new Malformed(i + 1, "more than " + MAX_MEDIA + " media lines");
        }
        sections.add(new ArrayList<>());
      }
      if (line.charAt(0) == 'c' && SdpLines.connectionFault(line) instanceof String fault) {
        return new Malformed(i + 1, fault);
      }
      (sections.isEmpty() ? session : sections.getLast()).add(line);
    }
    if (session.isEmpty()) {
      return new Malformed(1, "empty");
    }
    var media = new ArrayList<SdpMedia>();
    int line = session.size() + 1;
    for (var section : sections) {
      var parsed = SdpMedia.of(section, session);
      if (parsed.isEmpty()) {
        return new Malformed(line, "m= is not <media> <port> <proto> <format>… (RFC 8866 §5.14)");
      }
      media.add(parsed.get());
      line += section.size();
    }
    return new Parsed(new Sdp(session, media));
  }

  private static boolean blankFrom(String[] lines, int from) {
    for (int i = from; i < lines.length; i++) {
      if (!lines[i].isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  /** Every media section, in order; never fewer or more than were read. */
  public List<SdpMedia> media() {
    return media;
  }

  /** The section the relay carries: the first audio over RTP whose port is not 0. */
  public Optional<SdpMedia> audio() {
    return media.stream().filter(SdpMedia::relayable).findFirst();
  }

  /** Where the phone wants the audio, if the section names a numeric unicast address. */
  public Optional<MediaTarget> target() {
    return audio().flatMap(SdpMedia::target);
  }

  /** Whether the phone that wrote this holds the call, in the new way or the old (c=0.0.0.0). */
  public boolean holds() {
    return audio().map(m -> m.direction().holds()).orElse(false);
  }

  /** The o= line without {@code o=}: the same text in two descriptions means nothing changed. */
  public Optional<String> origin() {
    return session.stream().filter(l -> l.startsWith("o=")).map(l -> l.substring(2)).findFirst();
  }

  /**
   * This description with the relay in place of the phone.
   *
   * <p>c=, the port of m= and a=rtcp of the {@link #audio} section name the relay; every other
   * section is refused with port 0, so order and number stay (RFC 3264 §6 and §8). Candidates and
   * credentials of ICE, BUNDLE groups and ZRTP hashes go: with them the phones would meet around
   * the relay or wait for it. Keys (a=crypto, a=fingerprint) stay: the relay passes encrypted media
   * unopened, so it is secret from end to end. An old-style hold (c=0.0.0.0) stays a hold.
   *
   * @param address of the relay, as the other phone reaches it
   * @param port where the relay takes RTP; RTCP is one above
   */
  public Sdp withMedia(InetAddress address, int port) {
    var relayed = audio();
    var newSession = new ArrayList<String>();
    for (var line : session) {
      if (!SdpLines.leadsAround(line)) {
        newSession.add(SdpLines.isConnection(line) ? SdpLines.connect(line, address) : line);
      }
    }
    boolean connected = newSession.stream().anyMatch(SdpLines::isConnection);
    var newMedia = new ArrayList<SdpMedia>();
    for (var section : media) {
      boolean carried = relayed.isPresent() && relayed.get() == section;
      var lines = section.redirected(address, carried ? port : 0, !connected);
      newMedia.add(SdpMedia.of(lines, newSession).orElseThrow());
    }
    return new Sdp(newSession, newMedia);
  }

  /** The description as it goes on the wire. */
  public byte[] toBytes() {
    return toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The lines, each ended by CRLF; characters outside ASCII stand for single bytes. */
  @Override
  public String toString() {
    var out = new StringBuilder(512);
    session.forEach(l -> out.append(l).append("\r\n"));
    media.forEach(m -> m.lines().forEach(l -> out.append(l).append("\r\n")));
    return out.toString();
  }
}
