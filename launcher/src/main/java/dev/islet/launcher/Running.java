package dev.islet.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command finds the running services: the folder they were configured from, and theirs. */
final class Running {
  @Option(
      names = "--config",
      paramLabel = "DIR",
      description = "the folder the services run from (default: ${DEFAULT-VALUE})",
      defaultValue = "${env:ISLET_CONFIG:-config/local}")
  private Path config = Path.of("config/local");

  @Mixin private Folders folders = new Folders();

  /** One client a service that has an admin endpoint; all services when none is named. */
  Map<Kind, AdminClient> clients(List<String> names) {
    var clients = new LinkedHashMap<Kind, AdminClient>();
    Selection.files(config, names)
        .forEach(
            (kind, file) ->
                kind.admin(file)
                    .ifPresent(
                        admin ->
                            clients.put(
                                kind, new AdminClient(kind.word(), admin, folders.home().data()))));
    return clients;
  }
}
