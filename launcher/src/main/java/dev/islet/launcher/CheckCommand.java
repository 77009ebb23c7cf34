package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.trace.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads every file of a configuration folder and tells every fault, starting nothing. */
@Command(
    name = "check",
    description = "Validate a configuration folder; exit 0 or 2.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "the folder (default: ${DEFAULT-VALUE})",
      defaultValue = "${env:ISLET_CONFIG:-config/local}")
  private Path folder = Path.of("config/local");

  @Option(names = "--json", description = "faults as a JSON list")
  private boolean json;

  @Override
  public Integer call() throws IOException {
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
    faults.addAll(strangers());
    if (json) {
      System.out.println(Json.write(faults));
    } else {
      good.forEach(file -> System.out.println(file + ": good"));
      faults.forEach(System.err::println);
    }
    return faults.isEmpty() ? Islet.OK : Islet.BAD_USAGE;
  }

  /** A misspelt file would be passed over in silence. */
  private List<Problem> strangers() throws IOException {
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
