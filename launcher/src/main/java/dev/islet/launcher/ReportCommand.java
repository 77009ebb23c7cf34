package dev.islet.launcher;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.time.Durations;
import dev.islet.monitor.MonitorConfig;
import dev.islet.monitor.transport.Reporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
  private static final Option MONITOR =
      Flags.option("monitor", "ADDRESS:PORT", "of its page (default: as monitor.yaml says)");

  static final Command COMMAND =
      new Command(
          "report",
          "",
          "Measure the running services and write tables, charts and one page.",
          List.of(OUT, DURATION, MONITOR, Flags.CONFIG),
          ReportCommand::run);

  private ReportCommand() {}

  private static int run(CommandLine line) {
    Duration time;
    InetSocketAddress page;
    try {
      time = Durations.parse(line.getOptionValue(DURATION, "60s"));
      page =
          line.hasOption(MONITOR)
              ? HostPort.parse(line.getOptionValue(MONITOR))
              : new ConfigFile<>(Kind.MONITOR.file(Flags.config(line)), MonitorConfig.class)
                  .read()
                  .listen();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return Islet.BAD_USAGE;
    }
    if (page.getAddress().isAnyLocalAddress()) {
      page = new InetSocketAddress(InetAddress.getLoopbackAddress(), page.getPort());
    }
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
