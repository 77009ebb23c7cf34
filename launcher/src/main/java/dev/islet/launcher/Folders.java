package dev.islet.launcher;

import dev.islet.core.service.Home;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a process keeps state and logs; the same options in every command that needs them. */
final class Folders {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "state that must survive (default: ${DEFAULT-VALUE})",
      defaultValue = "${env:ISLET_DATA:-.islet/data}")
  private Path data = Path.of(".islet/data");

  @Option(
      names = "--logs",
      paramLabel = "DIR",
      description = "logs and records (default: ${DEFAULT-VALUE})",
      defaultValue = "${env:ISLET_LOGS:-.islet/logs}")
  private Path logs = Path.of(".islet/logs");

  Home home() {
    return new Home(data.toAbsolutePath().normalize(), logs.toAbsolutePath().normalize());
  }
}
