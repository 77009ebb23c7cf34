package dev.islet.voip.model;

import dev.islet.core.trace.Packet;
import dev.islet.core.trace.TraceEvent;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What the server saw, decided or did in signalling and media. */
public sealed interface VoipEvent extends TraceEvent
    permits VoipEvent.Received,
        VoipEvent.Sent,
        VoipEvent.Dropped,
        VoipEvent.Registered,
        VoipEvent.Unregistered,
        VoipEvent.AuthFailed,
        VoipEvent.Refused,
        VoipEvent.CallChanged {

  /** A SIP message came in. */
  record Received(Flow flow, String title, String callId, byte[] message) implements VoipEvent {
    @Override
    public String note() {
      return "Received "
          + title
          + " from "
          + text(flow.remote())
          + " over "
          + flow.transport()
          + " ("
          + section(title)
          + ")";
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(carried(flow, flow.remote(), flow.local(), message));
    }
  }

  /** A SIP message went out. */
  record Sent(Flow flow, String title, String callId, byte[] message) implements VoipEvent {
    @Override
    public String note() {
      return "Sent "
          + title
          + " to "
          + text(flow.remote())
          + " over "
          + flow.transport()
          + " ("
          + section(title)
          + ")";
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(carried(flow, flow.local(), flow.remote(), message));
    }
  }

  /** Something that came in was not acted upon. */
  record Dropped(Flow flow, String reason, byte[] message) implements VoipEvent {
    @Override
    public String note() {
      return "Dropped " + message.length + " bytes from " + text(flow.remote()) + ": " + reason;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(carried(flow, flow.remote(), flow.local(), message));
    }
  }

  /** A phone registered, or renewed its registration (RFC 3261 §10.3). */
  record Registered(String extension, String contact, Flow flow, long seconds)
      implements VoipEvent {
    @Override
    public String note() {
      return extension + " is reachable at " + contact + " for " + seconds + " s (RFC 3261 §10.3)";
    }
  }

  /** A registration ended: taken back by the phone, or run out. */
  record Unregistered(String extension, String contact, String why) implements VoipEvent {
    @Override
    public String note() {
      return extension + " is no longer reachable at " + contact + ": " + why;
    }
  }

  /** Somebody presented credentials that are wrong. */
  record AuthFailed(String user, InetSocketAddress source, String why) implements VoipEvent {
    @Override
    public String note() {
      return "Refused credentials of \"" + user + "\" from " + text(source) + ": " + why;
    }
  }

  /** A request that the sender may not make. */
  record Refused(Flow flow, String title, String why) implements VoipEvent {
    @Override
    public String note() {
      return "Refused " + title + " from " + text(flow.remote()) + " with 403: " + why;
    }
  }

  /** A call went into another state. */
  record CallChanged(String callId, String from, String to, CallState state, String why)
      implements VoipEvent {
    @Override
    public String note() {
      return "Call from " + from + " to " + to + " is " + state + ": " + why;
    }
  }

  /** Where the RFC tells what a message of this title is for. */
  private static String section(String title) {
    int space = title.indexOf(' ');
    var word = space < 0 ? title : title.substring(0, space);
    return switch (word) {
      case "REGISTER" -> "RFC 3261 §10";
      case "INVITE" -> "RFC 3261 §13";
      case "ACK" -> "RFC 3261 §17.1.1.3";
      case "BYE" -> "RFC 3261 §15";
      case "CANCEL" -> "RFC 3261 §9";
      case "OPTIONS" -> "RFC 3261 §11";
      case "INFO" -> "RFC 6086";
      case "UPDATE" -> "RFC 3311";
      case "MESSAGE" -> "RFC 3428";
      default ->
          !word.isEmpty() && word.charAt(0) >= '1' && word.charAt(0) <= '6'
              ? "RFC 3261 §21." + word.charAt(0)
              : "RFC 3261 §8.2.1";
    };
  }

  private static String text(InetSocketAddress address) {
    var ip = address.getAddress();
    return (ip == null ? address.getHostString() : ip.getHostAddress()) + ":" + address.getPort();
  }

  private static Packet carried(
      Flow flow, InetSocketAddress source, InetSocketAddress destination, byte[] message) {
    // TLS payloads are shown in clear, as if they had gone over TCP.
    var transport =
        flow.transport() == Flow.Transport.UDP ? Packet.Transport.UDP : Packet.Transport.TCP;
    return new Packet(transport, source, destination, message);
  }
}
