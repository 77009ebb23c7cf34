package dev.islet.ftp.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A folder by its path, for systems without {@code openat}: each call first makes sure that the
 * path is its own real path, so that no link stands in it. Between the check and the call a local
 * user could put one there; clients cannot, since no FTP command makes links.
 */
final class CheckedFolder implements Folder {
  private final Path path;

  private CheckedFolder(Path path) {
    this.path = path;
  }

  static CheckedFolder root(Path real) {
    return new CheckedFolder(real);
  }

  private Path at(String name) throws IOException {
    if (!path.toRealPath().equals(path)) {
      throw new NoSuchFileException(path + " leads over a link");
    }
    return path.resolve(name);
  }

  @Override
  public Folder open(String name) throws IOException {
    var at = at(name);
    if (!Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isDirectory()) {
      throw new NotDirectoryException(name);
    }
    return new CheckedFolder(at);
  }

  @Override
  public FileChannel file(String name, Set<? extends OpenOption> options) throws IOException {
    var all = new HashSet<OpenOption>(options);
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(at(name), all);
  }

  @Override
  public BasicFileAttributes attributes(String name) throws IOException {
    return Files.readAttributes(at(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public int mode(String name, BasicFileAttributes attributes) {
    return attributes.isDirectory() ? 0755 : 0644;
  }

  @Override
  public void mode(String name, int mode) {
    // no such bits here
  }

  @Override
  public void each(Consumer<String> name) throws IOException {
    try (var entries = Files.newDirectoryStream(at("."))) {
      for (var entry : entries) {
        name.accept(entry.getFileName().toString());
      }
    }
  }

  @Override
  public void remove(String name) throws IOException {
    if (attributes(name).isDirectory()) {
      throw new NotDirectoryException(name);
    }
    Files.delete(at(name));
  }

  @Override
  public void removeFolder(String name) throws IOException {
    if (!attributes(name).isDirectory()) {
      throw new NotDirectoryException(name);
    }
    Files.delete(at(name));
  }

  @Override
  public void move(String name, Folder to, String newName) throws IOException {
    Files.move(at(name), ((CheckedFolder) to).at(newName), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void make(String name) throws IOException {
    Files.createDirectory(at(name));
  }

  @Override
  public void touch(String name, FileTime time) throws IOException {
    Files.getFileAttributeView(at(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, null, null);
  }

  @Override
  public void sync() {
    // not offered by such systems
  }

  @Override
  public void close() {
    // nothing is held
  }
}
