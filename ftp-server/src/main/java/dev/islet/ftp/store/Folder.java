package dev.islet.ftp.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An opened folder. Names are single names in it; no method follows a link, whatever happens on the
 * disk meanwhile.
 */
sealed interface Folder extends AutoCloseable permits SecureFolder, CheckedFolder {
  /** Opens a home; its own path may lead over links, since the operator wrote it. */
  static Folder root(Path home) throws IOException {
    var real = home.toRealPath();
    return SecureFolder.offered(real) ? SecureFolder.root(real) : CheckedFolder.root(real);
  }

  Folder open(String name) throws IOException;

  FileChannel file(String name, Set<? extends OpenOption> options) throws IOException;

  BasicFileAttributes attributes(String name) throws IOException;

  /** The nine permission bits; a usual value where the system has none. */
  int mode(String name, BasicFileAttributes attributes) throws IOException;

  void mode(String name, int mode) throws IOException;

  /** Tells each name; once per opened folder. */
  void each(Consumer<String> name) throws IOException;

  void remove(String name) throws IOException;

  void removeFolder(String name) throws IOException;

  /** Moves and replaces in one step. */
  void move(String name, Folder to, String newName) throws IOException;

  void make(String name) throws IOException;

  void touch(String name, FileTime time) throws IOException;

  /** Makes the names in it durable. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;

  /** The time of a file, whole seconds kept apart from nothing. */
  static Instant modified(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant();
  }
}
