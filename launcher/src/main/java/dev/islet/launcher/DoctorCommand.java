package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.net.socket.Nics;
import dev.islet.core.trace.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** Names each obstacle of this machine and its fix, starting nothing. */
final class DoctorCommand {
  static final Command COMMAND =
      new Command(
          "doctor",
          "[SERVICE...]",
          "Name what stands in the way on this machine, and the fix; exit 1 if anything blocks.",
          List.of(Flags.JSON, Flags.CONFIG),
          DoctorCommand::run);

  private DoctorCommand() {}

  private static int run(CommandLine line) {
    var needs = new ArrayList<Needs>();
    var faults = new ArrayList<Problem>();
    Selection.files(Flags.config(line), line.getArgList())
        .forEach(
            (kind, file) -> {
              try {
                needs.add(Needs.of(kind, file));
              } catch (ConfigException e) {
                faults.addAll(e.problems());
              }
            });
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    var findings = Doctor.examine(needs, FactReader.read(Path.of("/"), Nics.all(), Instant.now()));
    if (line.hasOption(Flags.JSON)) {
      System.out.println(Json.write(findings));
    } else if (findings.isEmpty()) {
      System.out.println("nothing stands in the way");
    } else {
      System.out.println(Doctor.text(findings));
    }
    return findings.stream().anyMatch(Finding::blocks) ? Islet.FAILED : Islet.OK;
  }
}
