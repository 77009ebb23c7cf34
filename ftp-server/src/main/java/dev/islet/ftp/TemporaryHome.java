package dev.islet.ftp;

import dev.islet.core.service.Home;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A home for a service that was given none; it goes when the service stops. */
record TemporaryHome(Home home) implements AutoCloseable {
  static TemporaryHome make() throws IOException {
    var folder = Files.createTempDirectory("islet-ftp");
    return new TemporaryHome(new Home(folder.resolve("data"), folder.resolve("logs")));
  }

  @Override
  public void close() throws IOException {
    Files.walkFileTree(
        home.data().resolveSibling("."),
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.delete(folder.normalize());
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
