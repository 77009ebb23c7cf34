package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.config.Problem;
import dev.islet.monitor.MonitorConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Where commands find the running monitor. */
final class MonitorPage {
  static final Option OPTION =
      Flags.option("monitor", "ADDRESS:PORT", "of its page (default: as monitor.yaml says)");

  private MonitorPage() {}

  /** As the option says, or the file in the configuration folder. */
  static InetSocketAddress address(CommandLine line) {
    InetSocketAddress page;
    if (line.hasOption(OPTION)) {
      try {
        page = HostPort.parse(line.getOptionValue(OPTION));
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            List.of(
                new Problem("command line", 1, 1, "--monitor", String.valueOf(e.getMessage()))));
      }
    } else {
      page =
          new ConfigFile<>(Kind.MONITOR.file(Flags.config(line)), MonitorConfig.class)
              .read()
              .listen();
    }
    return page.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), page.getPort())
        : page;
  }
}
