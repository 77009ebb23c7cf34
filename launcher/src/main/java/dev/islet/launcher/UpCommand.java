package dev.islet.launcher;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.HostPort;
import dev.islet.core.config.Problem;
import dev.islet.core.log.Logs;
import dev.islet.core.service.Service;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.apache.commons.cli.CommandLine;

/** Runs several services in one JVM: one process is four to five times smaller than six. */
final class UpCommand {
  static final Command COMMAND =
      new Command(
          "up",
          "[SERVICE...]",
          "Run the services (all that have a file by default) until Ctrl-C.",
          Running.options(),
          UpCommand::run);

  private record Chosen(Kind kind, Service service, Optional<AdminConfig> admin) {}

  private UpCommand() {}

  private static int run(CommandLine line) throws Exception {
    long began = System.nanoTime();
    var home = Folders.home(line);
    var files = Selection.files(Flags.config(line), line.getArgList());
    var services = new ArrayList<Chosen>();
    var faults = new ArrayList<Problem>();
    for (var entry : files.entrySet()) {
      try {
        var kind = entry.getKey();
        var service = kind.open(entry.getValue(), home);
        services.add(new Chosen(kind, service, kind.admin(entry.getValue())));
      } catch (ConfigException e) {
        faults.addAll(e.problems());
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    Files.createDirectories(home.data());
    Logs.toFolder(home.logs(), "islet", Level.WARNING);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> close(services)));
    start(services);
    var millis = (System.nanoTime() - began) / 1_000_000;
    System.out.print(table(services));
    System.out.println(
        "ready in "
            + millis
            + " ms; state in "
            + home.data()
            + ", logs in "
            + home.logs()
            + "; Ctrl-C stops");
    for (var chosen : services) {
      chosen.service().awaitStop();
    }
    return services.stream().anyMatch(c -> c.service().state() == State.FAILED)
        ? Islet.FAILED
        : Islet.OK;
  }

  /** All at once; if one fails, the others are closed and its failure is thrown. */
  private static void start(List<Chosen> services) throws InterruptedException {
    var starts = new ArrayList<Future<?>>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      services.forEach(c -> starts.add(threads.submit(() -> c.service().start())));
    }
    StartException first = null;
    for (var start : starts) {
      try {
        start.get();
      } catch (ExecutionException e) {
        var failure =
            e.getCause() instanceof StartException s
                ? s
                : new StartException(
                    "START-001", "a service failed to start: " + e.getCause(), "See the cause", e);
        if (first == null) {
          first = failure;
        } else {
          System.err.println(failure.getMessage());
        }
      }
    }
    if (first != null) {
      close(services);
      throw first;
    }
  }

  private static void close(List<Chosen> services) {
    services.reversed().forEach(c -> c.service().close());
  }

  private static String table(List<Chosen> services) {
    var rows = new ArrayList<String[]>();
    rows.add(new String[] {"SERVICE", "STATE", "ADDRESSES", "ADMIN"});
    for (var chosen : services) {
      // Some services tell their admin endpoint too; it has a column of its own.
      var addresses =
          chosen.service().endpoints().stream()
              .filter(e -> !e.protocol().startsWith("admin/"))
              .map(Object::toString)
              .toList();
      rows.add(
          new String[] {
            chosen.kind().word(),
            chosen.service().state().name().toLowerCase(Locale.ROOT),
            addresses.isEmpty() ? "dry: no interface configured" : addresses.getFirst(),
            chosen.admin().map(a -> "http://" + HostPort.format(a.listen()) + "/").orElse("-")
          });
      for (int i = 1; i < addresses.size(); i++) {
        rows.add(new String[] {"", "", addresses.get(i), ""});
      }
    }
    return Table.format(rows);
  }
}
