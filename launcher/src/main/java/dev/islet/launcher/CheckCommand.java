package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.trace.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** Reads every file of a configuration folder and tells every fault, starting nothing. */
final class CheckCommand {
  static final Command COMMAND =
      new Command(
          "check",
          "[DIR]",
          "Validate a configuration folder; exit 0 or 2.",
          List.of(Flags.JSON),
          CheckCommand::run);

  private CheckCommand() {}

  private static int run(CommandLine line) throws IOException {
    var folder =
        Path.of(line.getArgList().isEmpty() ? Flags.configured() : line.getArgList().getFirst());
    var faults = new ArrayList<Problem>();
    var good = new ArrayList<Path>();
    try {
      Selection.files(folder, List.of())
          .forEach(
              (kind, file) -> {
                try {
                  kind.admin(file);
                  good.add(file);
                } catch (ConfigException e) {
                  faults.addAll(e.problems());
                }
              });
    } catch (ConfigException e) {
      faults.addAll(e.problems());
    }
    faults.addAll(strangers(folder));
    if (line.hasOption(Flags.JSON)) {
      System.out.println(Json.write(faults));
    } else {
      good.forEach(file -> System.out.println(file + ": good"));
      faults.forEach(System.err::println);
    }
    return faults.isEmpty() ? Islet.OK : Islet.BAD_USAGE;
  }

  /** A misspelt file would be passed over in silence. */
  private static List<Problem> strangers(Path folder) throws IOException {
    var found = new ArrayList<Problem>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (var files = Files.newDirectoryStream(folder, "*.{yaml,yml}")) {
      for (var file : files) {
        var word = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        if (Kind.of(word).isEmpty() || file.toString().endsWith(".yml")) {
          found.add(
              new Problem(
                  file.toString(),
                  1,
                  1,
                  "",
                  "no service reads this file; the files are "
                      + Selection.words().replace(",", ".yaml,")
                      + ".yaml"));
        }
      }
    }
    return found;
  }
}
