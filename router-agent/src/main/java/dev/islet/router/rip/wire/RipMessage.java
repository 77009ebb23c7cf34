package dev.islet.router.rip.wire;

import java.util.List;

/**
 * A RIP message without its authentication: command, version, up to 25 entries.
 *
 * @param command what is asked or told
 * @param version 1 or 2
 * @param entries in the order of the wire
 */
public record RipMessage(Command command, int version, List<RipEntry> entries) {
  /** The most entries in one message (RFC 2453 section 3.6); authentication takes one of them. */
  public static final int MAX_ENTRIES = 25;

  /** The header: command, version, two zero bytes. */
  public static final int HEADER = 4;

  public RipMessage {
    entries = List.copyOf(entries);
  }

  /** What a message wants. */
  public enum Command {
    REQUEST(1),
    RESPONSE(2);

    private final int code;

    Command(int code) {
      this.code = code;
    }

    /** Its number on the wire. */
    public int code() {
      return code;
    }
  }

  /** The request that every router sends when it starts. */
  public static RipMessage requestAll() {
    return new RipMessage(Command.REQUEST, 2, List.of(RipEntry.EVERYTHING));
  }

  /** Whether this asks for the whole table (RFC 2453 section 3.9.1). */
  public boolean asksForEverything() {
    return command == Command.REQUEST
        && entries.size() == 1
        && entries.getFirst().family() == 0
        && entries.getFirst().metric() == RipEntry.INFINITY;
  }
}
