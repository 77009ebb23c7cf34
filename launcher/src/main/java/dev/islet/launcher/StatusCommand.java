package dev.islet.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks every service whether it answers its own protocol. */
@Command(
    name = "status",
    description = "Tell which services run and answer; exit 1 if one does not.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SERVICE", arity = "0..*", description = "all by default")
  private List<String> names = List.of();

  @Option(names = "--json", description = "the full state of each service, as one JSON object")
  private boolean json;

  @Mixin private Running running = new Running();

  @Override
  public Integer call() {
    var clients = running.clients(names);
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
        json
            ? states.stream().collect(Collectors.joining(",", "{", "}"))
            : Table.format(rows).stripTrailing());
    return allGood ? Islet.OK : Islet.FAILED;
  }
}
