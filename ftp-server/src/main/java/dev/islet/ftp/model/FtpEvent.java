package dev.islet.ftp.model;

import dev.islet.core.trace.Packet;
import dev.islet.core.trace.TraceEvent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What the FTP service saw, decided and did. Passwords never appear in an event. */
public sealed interface FtpEvent extends TraceEvent {
  /** Whose control connection it concerns. */
  Peer peer();

  /** A control connection was accepted. */
  record Connected(Peer peer) implements FtpEvent {
    @Override
    public String note() {
      return peer.remote().getAddress().getHostAddress() + " connected";
    }
  }

  /** A control connection was turned away with 421 before its first command. */
  record ConnectionRefused(Peer peer, String why) implements FtpEvent {
    @Override
    public String note() {
      return "refused " + peer.remote().getAddress().getHostAddress() + ": " + why;
    }
  }

  /** The control connection is protected from here on (RFC 4217 section 4). */
  record TlsStarted(Peer peer, String protocol, String suite) implements FtpEvent {
    @Override
    public String note() {
      return "control connection protected by " + protocol + " (RFC 4217 section 4)";
    }
  }

  /**
   * Bytes had come in the clear behind AUTH; the connection was ended before TLS began, since they
   * would have been taken for commands of the protected session.
   */
  record InjectionStopped(Peer peer, int bytes) implements FtpEvent {
    @Override
    public String note() {
      return bytes + " bytes in the clear behind AUTH; ended (RFC 4217 section 15, CVE-2011-0411)";
    }
  }

  /** A user proved who they are. */
  record LoggedIn(Peer peer) implements FtpEvent {
    @Override
    public String note() {
      return peer + " logged in" + (peer.tls() ? " over TLS" : " in the clear");
    }
  }

  /** Why a login failed. */
  enum Why {
    /** No such user, or not this password; deliberately one reason. */
    CREDENTIALS,
    /** The address failed too often lately. */
    BACK_OFF,
    /** TLS is required and AUTH did not come first. */
    NO_TLS,
    /** The account is fine, its home cannot be opened. */
    HOME
  }

  /**
   * A login was refused.
   *
   * @param name the name that was tried, cut to 64 characters
   */
  record LoginRefused(Peer peer, String name, Why why) implements FtpEvent {
    @Override
    public String note() {
      return "login of \"" + name + "\" refused: " + why.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A command came and got its first reply.
   *
   * @param command the line without its end; passwords are masked
   * @param code the reply's code
   * @param reply the reply's first line
   */
  record CommandSeen(Peer peer, String command, int code, String reply) implements FtpEvent {
    @Override
    public String note() {
      return command + " \u2192 " + code + " " + reply;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(
          new Packet(
              Packet.Transport.TCP,
              peer.remote(),
              peer.local(),
              (command + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }
  }

  /**
   * A reply was sent.
   *
   * @param text the whole reply as it crossed the wire, before TLS
   */
  record Replied(Peer peer, int code, String text) implements FtpEvent {
    @Override
    public String note() {
      return "reply " + code + " (RFC 959 section 4.2)";
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(
          new Packet(
              Packet.Transport.TCP,
              peer.local(),
              peer.remote(),
              text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Bytes that are no command: a line too long or not UTF-8. */
  record Malformed(Peer peer, int offset, String why) implements FtpEvent {
    @Override
    public String note() {
      return "no command: " + why + " at byte " + offset;
    }
  }

  /** A data connection or a wish for one was refused (RFC 2577 sections 3 and 5). */
  record DataRefused(Peer peer, String address, String why) implements FtpEvent {
    @Override
    public String note() {
      return "data connection with " + address + " refused: " + why;
    }
  }

  /** A folder was listed. */
  record Listed(Peer peer, String folder, long entries) implements FtpEvent {
    @Override
    public String note() {
      return peer + " listed " + folder;
    }
  }

  /** A file was stored whole and has its name. */
  record Stored(Peer peer, String file, long bytes) implements FtpEvent {
    @Override
    public String note() {
      return peer + " stored " + file;
    }
  }

  /** A file was fetched whole, or from a restart point to its end. */
  record Fetched(Peer peer, String file, long bytes) implements FtpEvent {
    @Override
    public String note() {
      return peer + " fetched " + file;
    }
  }

  /** A transfer ended early. */
  record Broken(Peer peer, String file, long bytes, String why) implements FtpEvent {
    @Override
    public String note() {
      return "transfer of " + file + " broken off after " + bytes + " bytes: " + why;
    }
  }

  /** A name in a home changed: made, removed, renamed or given another time. */
  record Changed(Peer peer, String what, String path) implements FtpEvent {
    @Override
    public String note() {
      return peer + " " + what + " " + path;
    }
  }

  /** The control connection ended. */
  record Disconnected(Peer peer) implements FtpEvent {
    @Override
    public String note() {
      return peer + " has gone";
    }
  }
}
