package dev.islet.web.transport;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps Undertow from writing an error, with a stack trace, for every client or server behind that
 * misbehaves: anybody could fill the log that way. What happened is counted and traced here. A
 * level that somebody has set on purpose stays.
 */
final class QuietStack {
  /** Held, since the log manager itself forgets loggers nobody holds, and their levels. */
  private static final List<Logger> LOGGERS =
      List.of(
          Logger.getLogger("io.undertow.request.io"),
          Logger.getLogger("io.undertow.proxy"),
          Logger.getLogger("org.xnio.listener"));

  /** Told at every start what version they are. */
  private static final List<Logger> BANNERS =
      List.of(
          Logger.getLogger("org.xnio"),
          Logger.getLogger("org.xnio.nio"),
          Logger.getLogger("org.jboss.threads"));

  private QuietStack() {}

  static void ensure() {
    for (var logger : LOGGERS) {
      if (logger.getLevel() == null) {
        logger.setLevel(Level.OFF);
      }
    }
    for (var logger : BANNERS) {
      if (logger.getLevel() == null) {
        logger.setLevel(Level.WARNING);
      }
    }
  }
}
