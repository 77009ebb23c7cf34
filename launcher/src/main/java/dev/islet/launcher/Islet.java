package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.service.StartException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 good, 1 failed at run time, 2 bad usage or configuration. */
@Command(
    name = "islet",
    description = "The Internet's everyday services, small enough for a Raspberry Pi.",
    mixinStandardHelpOptions = true,
    version = "islet 0.1.0",
    subcommands = {
      UpCommand.class,
      RunCommand.class,
      CheckCommand.class,
      StatusCommand.class,
      ReloadCommand.class,
      TraceCommand.class
    })
public final class Islet {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  private Islet() {}

  public static void main(String[] args) {
    int code = run(args);
    // Daemon threads of our stacks may linger; the command is over when it says so.
    System.exit(code);
  }

  static int run(String... args) {
    return new CommandLine(new Islet())
        .setExecutionExceptionHandler((failure, line, parsed) -> explain(failure))
        .setUsageHelpAutoWidth(true)
        .execute(args);
  }

  private static int explain(Exception failure) throws Exception {
    return switch (failure) {
      case ConfigException bad -> {
        bad.problems().forEach(problem -> System.err.println(problem));
        System.err.println(
            bad.problems().size() + " fault(s) in the configuration; nothing started");
        yield BAD_USAGE;
      }
      case StartException failed -> {
        System.err.println(failed.getMessage());
        yield FAILED;
      }
      case UnreachableException gone -> {
        System.err.println(gone.getMessage());
        yield FAILED;
      }
      default -> throw failure;
    };
  }
}
