package dev.islet.launcher;

import dev.islet.core.service.Home;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Where a process keeps state and logs; the same options in every command that needs them. */
final class Folders {
  private static final String KEPT = Flags.environment("ISLET_DATA", ".islet/data");
  private static final String LOGGED = Flags.environment("ISLET_LOGS", ".islet/logs");
  private static final Option DATA =
      Flags.option("data", "DIR", "state that must survive (default: " + KEPT + ")");
  private static final Option LOGS =
      Flags.option("logs", "DIR", "logs and records (default: " + LOGGED + ")");

  static final List<Option> OPTIONS = List.of(DATA, LOGS);

  private Folders() {}

  static Home home(CommandLine line) {
    return new Home(
        absolute(line.getOptionValue(DATA, KEPT)), absolute(line.getOptionValue(LOGS, LOGGED)));
  }

  private static Path absolute(String folder) {
    return Path.of(folder).toAbsolutePath().normalize();
  }
}
