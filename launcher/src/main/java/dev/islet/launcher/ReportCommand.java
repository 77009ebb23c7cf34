package dev.islet.launcher;

import dev.islet.core.config.HostPort;
import dev.islet.core.time.Durations;
import dev.islet.monitor.transport.Reporter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Measures the running services for a while and writes what they cost. */
final class ReportCommand {
  private static final Option OUT =
      Flags.option("out", "DIR", "where the files go (default: .islet/report)");
  private static final Option DURATION =
      Flags.option("duration", "TIME", "how long to measure, like 60s or 10m (default: 60s)");
  static final Command COMMAND =
      new Command(
          "report",
          "",
          "Measure the running services and write tables, charts and one page.",
          List.of(OUT, DURATION, MonitorPage.OPTION, Flags.CONFIG),
          ReportCommand::run);

  private ReportCommand() {}

  private static int run(CommandLine line) {
    Duration time;
    try {
      time = Durations.parse(line.getOptionValue(DURATION, "60s"));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return Islet.BAD_USAGE;
    }
    var page = MonitorPage.address(line);
    var folder = Path.of(line.getOptionValue(OUT, ".islet/report"));
    System.err.println("measuring for " + Durations.format(time) + " …");
    try {
      var marks = Reporter.write(page, time, folder);
      marks.forEach(mark -> System.out.println("note: " + mark));
      System.out.println(folder.resolve("report.html").toAbsolutePath());
      return Islet.OK;
    } catch (IOException e) {
      throw new UnreachableException(
          "no report from the monitor at "
              + HostPort.format(page)
              + ": "
              + e.getMessage()
              + "; is it running? Try ./islet status");
    }
  }
}
