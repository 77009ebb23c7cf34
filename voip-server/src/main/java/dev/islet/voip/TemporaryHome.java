package dev.islet.voip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder that lives as long as an embedded server that was given none. */
record TemporaryHome(Path folder) {
  static TemporaryHome make() {
    try {
      return new TemporaryHome(Files.createTempDirectory("islet-voip-"));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made; give one by data()", e);
    }
  }

  void delete() {
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.getLogger("islet.voip").log(Level.WARNING, "cannot delete " + folder, e);
    }
  }
}
