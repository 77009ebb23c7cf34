package dev.islet.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** How a command finds the running services: the folder they were configured from, and theirs. */
final class Running {
  private Running() {}

  /** The options that tell, and a command's own. */
  static List<Option> options(Option... own) {
    var all = new ArrayList<>(List.of(own));
    all.add(Flags.CONFIG);
    all.addAll(Folders.OPTIONS);
    return all;
  }

  /** One client a service that has an admin endpoint; all services when none is named. */
  static Map<Kind, AdminClient> clients(CommandLine line) {
    return clients(line, line.getArgList());
  }

  /** Those of the services named. */
  static Map<Kind, AdminClient> clients(CommandLine line, List<String> services) {
    var data = Folders.home(line).data();
    var clients = new LinkedHashMap<Kind, AdminClient>();
    Selection.files(Flags.config(line), services)
        .forEach(
            (kind, file) ->
                kind.admin(file)
                    .ifPresent(
                        admin -> clients.put(kind, new AdminClient(kind.word(), admin, data))));
    return clients;
  }
}
