package dev.islet.ftp.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A folder held by its descriptor: every call names one entry relative to it ({@code openat} and
 * its kin) and refuses links, so that swapping a folder for a link between two steps wins nothing.
 *
 * <p>Only making a folder goes by path, since the JDK has no {@code mkdirat}: the path is compared
 * with the descriptor before and after, and the worst a racing local user gets is an empty folder.
 */
final class SecureFolder implements Folder {
  private final SecureDirectoryStream<Path> stream;
  private final Path path;

  private SecureFolder(SecureDirectoryStream<Path> stream, Path path) {
    this.stream = stream;
    this.path = path;
  }

  static boolean offered(Path real) throws IOException {
    try (var stream = Files.newDirectoryStream(real)) {
      return stream instanceof SecureDirectoryStream;
    }
  }

  static SecureFolder root(Path real) throws IOException {
    return new SecureFolder((SecureDirectoryStream<Path>) Files.newDirectoryStream(real), real);
  }

  @Override
  public Folder open(String name) throws IOException {
    return new SecureFolder(
        stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS), path.resolve(name));
  }

  @Override
  public FileChannel file(String name, Set<? extends OpenOption> options) throws IOException {
    var all = new HashSet<OpenOption>(options);
    all.add(LinkOption.NOFOLLOW_LINKS);
    return (FileChannel) stream.newByteChannel(Path.of(name), all);
  }

  @Override
  public BasicFileAttributes attributes(String name) throws IOException {
    return view(name).readAttributes();
  }

  private PosixFileAttributeView view(String name) {
    return stream.getFileAttributeView(
        Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public int mode(String name, BasicFileAttributes attributes) {
    int mode = 0;
    if (attributes instanceof PosixFileAttributes posix) {
      for (var permission : posix.permissions()) {
        mode |= 0400 >> permission.ordinal();
      }
    }
    return mode;
  }

  @Override
  public void mode(String name, int mode) throws IOException {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (var permission : PosixFilePermission.values()) {
      if ((mode & 0400 >> permission.ordinal()) != 0) {
        permissions.add(permission);
      }
    }
    view(name).setPermissions(permissions);
  }

  @Override
  public void each(Consumer<String> name) throws IOException {
    try {
      for (var entry : stream) {
        name.accept(entry.getFileName().toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  public void remove(String name) throws IOException {
    stream.deleteFile(Path.of(name));
  }

  @Override
  public void removeFolder(String name) throws IOException {
    stream.deleteDirectory(Path.of(name));
  }

  @Override
  public void move(String name, Folder to, String newName) throws IOException {
    stream.move(Path.of(name), ((SecureFolder) to).stream, Path.of(newName));
  }

  @Override
  public void make(String name) throws IOException {
    same();
    Files.createDirectory(path.resolve(name));
    same();
  }

  private void same() throws IOException {
    var here = stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
    var there =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    if (here == null || !here.equals(there) || !path.toRealPath().equals(path)) {
      throw new NotDirectoryException(path + " was moved meanwhile");
    }
  }

  @Override
  public void touch(String name, FileTime time) throws IOException {
    view(name).setTimes(time, null, null);
  }

  @Override
  public void sync() throws IOException {
    try (var self = file(".", Set.of(StandardOpenOption.READ))) {
      self.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
