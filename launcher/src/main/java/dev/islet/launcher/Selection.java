package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which services of a configuration folder a command is about. */
final class Selection {
  private Selection() {}

  /**
   * The files of the named services, or of all that have one.
   *
   * @throws ConfigException if a name is unknown, or a file or the folder is missing
   */
  static Map<Kind, Path> files(Path folder, List<String> names) {
    var faults = new ArrayList<Problem>();
    var files = new LinkedHashMap<Kind, Path>();
    if (!Files.isDirectory(folder)) {
      faults.add(
          new Problem(folder.toString(), 1, 1, "", "is not a folder; name one with --config"));
    }
    for (var kind : names.isEmpty() ? List.of(Kind.values()) : kinds(folder, names, faults)) {
      var file = kind.file(folder);
      if (Files.exists(file)) {
        files.put(kind, file);
      } else if (!names.isEmpty()) {
        faults.add(new Problem(file.toString(), 1, 1, "", "does not exist; create it"));
      }
    }
    if (faults.isEmpty() && files.isEmpty()) {
      faults.add(
          new Problem(folder.toString(), 1, 1, "", "holds none of " + allFiles() + "; create one"));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return files;
  }

  static String words() {
    return Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "));
  }

  private static String allFiles() {
    return Arrays.stream(Kind.values())
        .map(k -> k.word() + ".yaml")
        .collect(Collectors.joining(", "));
  }

  private static List<Kind> kinds(Path folder, List<String> names, List<Problem> faults) {
    var kinds = new ArrayList<Kind>();
    for (var name : names) {
      Kind.of(name)
          .ifPresentOrElse(
              kinds::add,
              () ->
                  faults.add(
                      new Problem(
                          folder.toString(),
                          1,
                          1,
                          name,
                          "is not a service; the services are " + words())));
    }
    return kinds;
  }
}
