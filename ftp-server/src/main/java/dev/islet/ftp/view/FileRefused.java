package dev.islet.ftp.view;

import java.io.IOException;

/** Something a client asked of a home cannot be done; the reason decides the reply. */
public final class FileRefused extends IOException {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** No such file or folder, or a link, which is never followed. */
    MISSING,
    /** The account lacks the right, or the system refuses us. */
    DENIED,
    /** The name is taken. */
    EXISTS,
    /** A file where a folder was needed, or the other way round. */
    KIND,
    /** The folder has something in it. */
    NOT_EMPTY,
    /** Another session is writing it. */
    BUSY,
    /** No room. */
    FULL,
    /** No usable name. */
    NAME,
    /** The restart point lies behind the end of what is there. */
    OFFSET,
    /** The disk failed. */
    BROKEN
  }

  private final Reason reason;

  public FileRefused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public FileRefused(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
