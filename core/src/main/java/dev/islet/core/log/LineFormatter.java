package dev.islet.core.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** One line an event: local time with offset, level, logger, message; a stack trace below it. */
final class LineFormatter extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  @Override
  public String format(LogRecord record) {
    var out = new StringWriter(160);
    out.append(TIME.format(record.getInstant()))
        .append(' ')
        .append(record.getLevel().getName())
        .append(' ')
        .append(String.valueOf(record.getLoggerName()))
        .append(' ')
        .append(formatMessage(record).replace("\n", "\\n"))
        .append('\n');
    var thrown = record.getThrown();
    if (thrown != null) {
      thrown.printStackTrace(new PrintWriter(out, true));
    }
    return out.toString();
  }
}
