package dev.islet.launcher;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has running services read their files again, each all or nothing. */
@Command(
    name = "reload",
    description = "Have services take their configuration anew; exit 1 if one refuses.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SERVICE", arity = "0..*", description = "all running ones by default")
  private List<String> names = List.of();

  @Mixin private Running running = new Running();

  @Override
  public Integer call() {
    boolean good = true;
    for (var entry : running.clients(names).entrySet()) {
      var answer = entry.getValue().ask("POST", "/reload");
      if (answer.isEmpty()) {
        System.out.println(entry.getKey().word() + ": not running");
        good &= names.isEmpty();
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
