package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.service.StartException;
import java.util.ArrayList;
import java.util.List;

/** The command line. Exit codes: 0 good, 1 failed at run time, 2 bad usage or configuration. */
public final class Islet {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  private static final String VERSION = "islet 0.1.0";

  private static final List<Command> COMMANDS =
      List.of(
          UpCommand.COMMAND,
          RunCommand.COMMAND,
          CheckCommand.COMMAND,
          DoctorCommand.COMMAND,
          StatusCommand.COMMAND,
          ReloadCommand.COMMAND,
          TraceCommand.COMMAND,
          ReportCommand.COMMAND,
          TopCommand.COMMAND,
          ExplainCommand.COMMAND);

  private Islet() {}

  public static void main(String[] args) throws Exception {
    int code = run(args);
    // Daemon threads of our stacks may linger; the command is over when it says so.
    System.exit(code);
  }

  static int run(String... args) throws Exception {
    var word = args.length == 0 ? "" : args[0];
    switch (word) {
      case "-h", "--help", "help" -> {
        System.out.print(usage());
        return OK;
      }
      case "-V", "--version" -> {
        System.out.println(VERSION);
        return OK;
      }
      default -> {
        for (var command : COMMANDS) {
          if (command.word().equals(word)) {
            return run(command, List.of(args).subList(1, args.length));
          }
        }
      }
    }
    System.err.print((word.isEmpty() ? "" : word + " is no command\n\n") + usage());
    return BAD_USAGE;
  }

  private static String usage() {
    var rows = new ArrayList<String[]>();
    COMMANDS.forEach(c -> rows.add(new String[] {"  " + c.word(), c.tells()}));
    return "Usage: islet COMMAND [--help]\n"
        + "The Internet's everyday services, small enough for a Raspberry Pi.\n\n"
        + Table.format(rows);
  }

  private static int run(Command command, List<String> words) throws Exception {
    try {
      return command.run(words);
    } catch (ConfigException bad) {
      bad.problems().forEach(problem -> System.err.println(problem));
      System.err.println(bad.problems().size() + " fault(s) in the configuration; nothing started");
      return BAD_USAGE;
    } catch (StartException | UnreachableException failed) {
      System.err.println(failed.getMessage());
      return FAILED;
    }
  }
}
