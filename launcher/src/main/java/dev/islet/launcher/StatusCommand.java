package dev.islet.launcher;

import java.util.ArrayList;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;

/** Asks every service whether it answers its own protocol. */
final class StatusCommand {
  static final Command COMMAND =
      new Command(
          "status",
          "[SERVICE...]",
          "Tell which services (all by default) run and answer; exit 1 if one does not.",
          Running.options(Flags.JSON),
          StatusCommand::run);

  private StatusCommand() {}

  private static int run(CommandLine line) {
    var clients = Running.clients(line);
    var rows = new ArrayList<String[]>();
    rows.add(new String[] {"SERVICE", "RUNS", "READY", "DETAIL"});
    var states = new ArrayList<String>();
    boolean allGood = true;
    for (var entry : clients.entrySet()) {
      var ready = entry.getValue().ask("GET", "/ready");
      boolean good = ready.map(a -> a.status() == 200).orElse(false);
      allGood &= good;
      rows.add(
          new String[] {
            entry.getKey().word(),
            ready.isPresent() ? "yes" : "no",
            good ? "yes" : "no",
            good
                ? "answers its own protocol"
                : ready.map(AdminClient.Answer::body).orElse("nobody listens on its admin address")
          });
      var state = entry.getValue().ask("GET", "/state");
      var body =
          state
              .map(
                  a ->
                      a.status() == 200
                          ? a.body()
                          : dev.islet.core.trace.Json.write(
                              java.util.Map.of(
                                  "error", "status " + a.status() + entry.getValue().tokenHint())))
              .orElse("null");
      states.add(
          "\"" + entry.getKey().word() + "\":{\"ready\":" + good + ",\"state\":" + body + "}");
    }
    System.out.println(
        line.hasOption(Flags.JSON)
            ? states.stream().collect(Collectors.joining(",", "{", "}"))
            : Table.format(rows).stripTrailing());
    return allGood ? Islet.OK : Islet.FAILED;
  }
}
