package dev.islet.web.model;

import dev.islet.core.trace.Packet;
import dev.islet.core.trace.TraceEvent;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What the web server saw, decided or did. */
public sealed interface WebEvent extends TraceEvent {
  /**
   * A request's head is complete and well-formed.
   *
   * @param id counts the requests of this server
   * @param site the site that will answer; {@code -} if none
   * @param target path and query as sent
   * @param head the request's head as HTTP/1.1 text, credentials and cookies masked
   */
  record Requested(
      long id,
      String site,
      InetSocketAddress client,
      InetSocketAddress server,
      String method,
      String target,
      String protocol,
      byte[] head)
      implements WebEvent {
    @Override
    public String note() {
      return client.getHostString() + " asks " + site + " for " + method + " " + target;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(new Packet(Packet.Transport.TCP, client, server, head));
    }
  }

  /**
   * A request has been answered, and the last byte was handed to the network.
   *
   * @param bytes of content
   * @param micros from the complete head of the request to the end of the answer, in microseconds
   * @param by what answered: {@code files}, {@code proxy}, {@code redirect}, {@code handler},
   *     {@code server}
   * @param head the answer's head as HTTP/1.1 text, cookies masked
   */
  record Answered(
      long id,
      String site,
      InetSocketAddress client,
      InetSocketAddress server,
      int status,
      long bytes,
      long micros,
      String by,
      byte[] head)
      implements WebEvent {
    @Override
    public String note() {
      return site
          + " answered "
          + status
          + " with "
          + bytes
          + " bytes, by "
          + by
          + " (RFC 9110 section "
          + section()
          + ")";
    }

    /** Most statuses have a section of their own: 206 is in 15.3.7, 404 in 15.5.5. */
    private String section() {
      int family = status / 100;
      int last =
          switch (family) {
            case 1 -> 1;
            case 2 -> 6;
            case 3 -> 8;
            case 4 -> 18;
            case 5 -> 5;
            default -> -1;
          };
      if (status % 100 <= last) {
        return "15." + (family + 1) + "." + (status % 100 + 1);
      }
      return switch (status) {
        case 421 -> "15.5.20";
        case 422 -> "15.5.21";
        case 426 -> "15.5.22";
        default -> "15"; // of another RFC
      };
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(new Packet(Packet.Transport.TCP, server, client, head));
    }
  }

  /**
   * Bytes that are not an acceptable request; the connection is closed after the answer.
   *
   * @param status what was answered
   * @param why what was wrong, with the RFC section
   * @param seen the first of what was sent, credentials masked
   */
  record Refused(
      InetSocketAddress client, InetSocketAddress server, int status, String why, byte[] seen)
      implements WebEvent {
    @Override
    public String note() {
      return client.getHostString() + " was refused with " + status + ": " + why;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(new Packet(Packet.Transport.TCP, client, server, seen));
    }
  }

  /** A connection was closed by a limit: too many, or too slow. */
  record CutOff(InetSocketAddress client, InetSocketAddress server, String why)
      implements WebEvent {
    @Override
    public String note() {
      return "the connection of " + client.getHostString() + " was closed: " + why;
    }
  }

  /**
   * A server behind this one did not answer as it should.
   *
   * @param status what the client was told instead: 502 or 504 (RFC 9110 section 15.6)
   */
  record UpstreamFailed(long id, String site, String upstream, int status, String why)
      implements WebEvent {
    @Override
    public String note() {
      return upstream + " failed, " + site + " answers " + status + ": " + why;
    }
  }
}
