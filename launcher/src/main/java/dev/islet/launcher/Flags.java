package dev.islet.launcher;

import java.nio.file.Path;
import java.util.Objects;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Options that several commands share. */
final class Flags {
  static final Option JSON =
      Option.builder().longOpt("json").desc("the same for programs, as JSON").get();

  /** A folder with one YAML file a service. */
  static final Option CONFIG =
      option("config", "DIR", "folder of the configuration (default: " + configured() + ")");

  private Flags() {}

  static Option option(String name, String value, String tells) {
    return Option.builder().longOpt(name).hasArg().argName(value).desc(tells).get();
  }

  static Path config(CommandLine line) {
    return Path.of(line.getOptionValue(CONFIG, Flags::configured));
  }

  /** The folder that is meant when none is named. */
  static String configured() {
    return environment("ISLET_CONFIG", "config/local");
  }

  static String environment(String variable, String otherwise) {
    return Objects.requireNonNullElse(System.getenv(variable), otherwise);
  }
}
