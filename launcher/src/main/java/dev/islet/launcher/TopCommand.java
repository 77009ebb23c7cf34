package dev.islet.launcher;

import dev.islet.core.config.HostPort;
import dev.islet.monitor.report.Screen;
import dev.islet.monitor.transport.LiveReader;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The monitor's numbers in the terminal, once a second. */
final class TopCommand {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

  private static final Option ONCE =
      Option.builder().longOpt("once").desc("show one sample and stop").get();

  static final Command COMMAND =
      new Command(
          "top",
          "",
          "Show the board and the services in the terminal until Ctrl-C.",
          List.of(ONCE, MonitorPage.OPTION, Flags.CONFIG),
          TopCommand::run);

  private TopCommand() {}

  private static int run(CommandLine line) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    boolean colors = terminal && System.getenv("NO_COLOR") == null;
    int width = columns();
    var page = MonitorPage.address(line);
    try {
      LiveReader.follow(
          page,
          sample -> {
            var drawn = String.join("\n", Screen.draw(sample, width, colors));
            System.out.println((terminal && !line.hasOption(ONCE) ? HOME_AND_CLEAR : "") + drawn);
            return !line.hasOption(ONCE);
          });
      return Islet.OK;
    } catch (IOException e) {
      throw new UnreachableException(
          "no samples from the monitor at "
              + HostPort.format(page)
              + ": "
              + e.getMessage()
              + "; is it running? Try ./islet status");
    }
  }

  private static int columns() {
    try {
      return Integer.parseInt(Flags.environment("COLUMNS", "160"));
    } catch (NumberFormatException e) {
      return 160;
    }
  }
}
