package dev.islet.launcher;

import org.apache.commons.cli.CommandLine;

/** Has running services read their files again, each all or nothing. */
final class ReloadCommand {
  static final Command COMMAND =
      new Command(
          "reload",
          "[SERVICE...]",
          "Have services (all by default) take their configuration anew; exit 1 if one refuses.",
          Running.options(),
          ReloadCommand::run);

  private ReloadCommand() {}

  private static int run(CommandLine line) {
    boolean good = true;
    for (var entry : Running.clients(line).entrySet()) {
      var answer = entry.getValue().ask("POST", "/reload");
      if (answer.isEmpty()) {
        System.out.println(entry.getKey().word() + ": not running");
        good &= line.getArgList().isEmpty();
        continue;
      }
      good &= answer.get().status() == 200;
      System.out.println(
          entry.getKey().word()
              + ": "
              + answer.get().body()
              + (answer.get().status() == 401 ? entry.getValue().tokenHint() : ""));
    }
    return good ? Islet.OK : Islet.FAILED;
  }
}
