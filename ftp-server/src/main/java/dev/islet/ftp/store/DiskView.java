package dev.islet.ftp.store;

import dev.islet.ftp.model.Entry;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.FileRefused.Reason;
import dev.islet.ftp.view.FileView;
import dev.islet.ftp.view.VirtualPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A home on disk. Links are treated as if they were not there, wherever they point to. */
final class DiskView implements FileView {
  private final Path root;
  private final Set<String> busy;
  private final boolean durable;

  /**
   * @param root real path of the home
   * @param busy the files being written, shared by all views of the service
   * @param durable whether a finished upload is forced to the disk
   */
  DiskView(Path root, Set<String> busy, boolean durable) {
    this.root = root;
    this.busy = busy;
    this.durable = durable;
  }

  /** What is done in an opened folder. */
  private interface Act<T> {
    T in(Folder folder) throws IOException;
  }

  /** Walks to a folder, name by name, and does something there. */
  private <T> T in(VirtualPath folder, Act<T> act) throws IOException {
    try (var at = walk(folder)) {
      return act.in(at);
    } catch (FileRefused e) {
      throw e;
    } catch (IOException e) {
      throw DiskFaults.refused(e);
    }
  }

  private Folder walk(VirtualPath folder) throws IOException {
    var at = Folder.root(root);
    try {
      for (var name : folder.names()) {
        var next = at.open(name);
        at.close();
        at = next;
      }
      return at;
    } catch (IOException e) {
      at.close();
      throw e;
    }
  }

  private static Optional<BasicFileAttributes> seen(Folder folder, String name) throws IOException {
    try {
      var attributes = folder.attributes(name);
      return attributes.isRegularFile() || attributes.isDirectory()
          ? Optional.of(attributes)
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Something that is neither file nor folder: never replaced, since nobody has seen it. */
  private static void notHidden(Folder folder, String name) throws IOException {
    try {
      var attributes = folder.attributes(name);
      if (!attributes.isRegularFile() && !attributes.isDirectory()) {
        throw new FileRefused(Reason.DENIED, "the name is in use by something that is no file");
      }
    } catch (NoSuchFileException e) {
      return; // free
    }
  }

  private static BasicFileAttributes file(Folder folder, String name) throws IOException {
    var found = seen(folder, name).orElseThrow(DiskView::missing);
    if (found.isDirectory()) {
      throw new FileRefused(Reason.KIND, "it is a folder");
    }
    return found;
  }

  private static FileRefused missing() {
    return new FileRefused(Reason.MISSING, "no such file or folder");
  }

  private static String last(VirtualPath path) throws FileRefused {
    return path.name()
        .orElseThrow(() -> new FileRefused(Reason.DENIED, "not possible with the home itself"));
  }

  private static Entry entry(Folder folder, String name, String shown, BasicFileAttributes found)
      throws IOException {
    var key = found.fileKey();
    return new Entry(
        shown,
        found.isDirectory(),
        found.isDirectory() ? 0 : found.size(),
        Folder.modified(found),
        key == null ? "" : key.toString().replaceAll("[^0-9a-z,]|dev|ino", "").replace(',', 'g'),
        folder.mode(name, found));
  }

  @Override
  public Entry stat(VirtualPath path) throws IOException {
    var name = path.name();
    if (name.isEmpty()) {
      return in(path, folder -> entry(folder, ".", "/", folder.attributes(".")));
    }
    return in(
        path.parent(),
        folder ->
            entry(
                folder,
                name.get(),
                name.get(),
                seen(folder, name.get()).orElseThrow(DiskView::missing)));
  }

  @Override
  public void list(VirtualPath path, Consumer<Entry> each) throws IOException {
    in(
        path,
        folder -> {
          var names = new ArrayList<String>();
          folder.each(names::add);
          for (var name : names) {
            if (!name.startsWith(VirtualPath.RESERVED) && printable(name)) {
              var found = seen(folder, name);
              if (found.isPresent()) {
                each.accept(entry(folder, name, name, found.get()));
              }
            }
          }
          return true;
        });
  }

  /** A name with a line break cannot be written into a listing, nor asked for. */
  private static boolean printable(String name) {
    return name.chars().noneMatch(c -> c < ' ' || c == 0x7f);
  }

  @Override
  public InputStream read(VirtualPath path, long from) throws IOException {
    var name = last(path);
    return in(
        path.parent(),
        folder -> {
          // Asked before opening: opening a pipe would wait for its other end.
          file(folder, name);
          var channel = folder.file(name, Set.of(StandardOpenOption.READ));
          try {
            if (from > channel.size()) {
              throw new FileRefused(
                  Reason.OFFSET, "the file ends at " + channel.size() + ", before " + from);
            }
            return Channels.newInputStream(channel.position(from));
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  @Override
  public Upload write(VirtualPath path, Start start) throws IOException {
    var name = last(path);
    var claim = root + path.toString();
    if (!busy.add(claim)) {
      throw new FileRefused(Reason.BUSY, "another session is writing it");
    }
    Folder folder = null;
    try {
      folder = walk(path.parent());
      notHidden(folder, name);
      var target = seen(folder, name);
      if (target.isPresent() && target.get().isDirectory()) {
        throw new FileRefused(Reason.KIND, "it is a folder");
      }
      return DiskUpload.begin(folder, name, target, start, durable, () -> busy.remove(claim));
    } catch (IOException e) {
      busy.remove(claim);
      if (folder != null) {
        folder.close();
      }
      throw e instanceof FileRefused refused ? refused : DiskFaults.refused(e);
    }
  }

  @Override
  public long unfinished(VirtualPath path) throws IOException {
    var name = last(path);
    if (busy.contains(root + path.toString())) {
      return 0;
    }
    return in(
        path.parent(),
        folder -> seen(folder, DiskUpload.aside(name)).map(BasicFileAttributes::size).orElse(0L));
  }

  @Override
  public void makeFolder(VirtualPath path) throws IOException {
    var name = last(path);
    in(
        path.parent(),
        folder -> {
          folder.make(name);
          return true;
        });
  }

  @Override
  public void removeFolder(VirtualPath path) throws IOException {
    var name = last(path);
    in(
        path.parent(),
        folder -> {
          try (var inner = folder.open(name)) {
            List<String> names = new ArrayList<>();
            inner.each(names::add);
            if (names.stream().allMatch(n -> n.startsWith(VirtualPath.RESERVED))) {
              if (busy.stream().anyMatch(b -> b.startsWith(root + path.toString() + "/"))) {
                throw new FileRefused(Reason.BUSY, "a file is being stored in it");
              }
              for (var unfinished : names) {
                inner.remove(unfinished);
              }
            }
          }
          folder.removeFolder(name);
          return true;
        });
  }

  @Override
  public void remove(VirtualPath path) throws IOException {
    var name = last(path);
    in(
        path.parent(),
        folder -> {
          file(folder, name);
          folder.remove(name);
          return true;
        });
  }

  @Override
  public void rename(VirtualPath from, VirtualPath to) throws IOException {
    var name = last(from);
    var newName = last(to);
    if (from.holds(to) && !from.equals(to)) {
      throw new FileRefused(Reason.NAME, "a folder cannot be moved into itself");
    }
    in(
        from.parent(),
        source ->
            in(
                to.parent(),
                target -> {
                  var moved = seen(source, name).orElseThrow(DiskView::missing);
                  notHidden(target, newName);
                  var there = seen(target, newName);
                  if (there.isPresent() && (there.get().isDirectory() || moved.isDirectory())) {
                    throw new FileRefused(Reason.EXISTS, "the name is taken");
                  }
                  source.move(name, target, newName);
                  return true;
                }));
  }

  @Override
  public void touch(VirtualPath path, Instant modified) throws IOException {
    var name = last(path);
    in(
        path.parent(),
        folder -> {
          file(folder, name);
          folder.touch(name, FileTime.from(modified));
          return true;
        });
  }

  @Override
  public void close() {
    // folders are opened for one call each
  }

  /** Translates what the system said into what a client is told. */
  static final class DiskFaults {
    private DiskFaults() {}

    static FileRefused refused(IOException e) {
      var why = String.valueOf(e instanceof FileSystemException f ? f.getReason() : e.getMessage());
      var reason =
          switch (e) {
            case NoSuchFileException x -> Reason.MISSING;
            case java.nio.file.FileAlreadyExistsException x -> Reason.EXISTS;
            case java.nio.file.DirectoryNotEmptyException x -> Reason.NOT_EMPTY;
            case java.nio.file.AccessDeniedException x -> Reason.DENIED;
            case java.nio.file.NotDirectoryException x -> Reason.MISSING;
            default -> byText(why);
          };
      return new FileRefused(reason, text(reason), e);
    }

    private static Reason byText(String why) {
      if (why.contains("Not a directory") || why.contains("symbolic links")) {
        return Reason.MISSING;
      }
      if (why.contains("No space left") || why.contains("quota exceeded")) {
        return Reason.FULL;
      }
      if (why.contains("Directory not empty")) {
        return Reason.NOT_EMPTY;
      }
      if (why.contains("Is a directory")) {
        return Reason.KIND;
      }
      if (why.contains("too long") || why.contains("Invalid argument")) {
        return Reason.NAME;
      }
      if (why.contains("not permitted") || why.contains("Read-only")) {
        return Reason.DENIED;
      }
      return Reason.BROKEN;
    }

    private static String text(Reason reason) {
      return switch (reason) {
        case MISSING -> "no such file or folder";
        case DENIED -> "not permitted";
        case EXISTS -> "the name is taken";
        case KIND -> "it is a folder";
        case NOT_EMPTY -> "the folder is not empty";
        case BUSY -> "another session is writing it";
        case FULL -> "no room left";
        case NAME -> "no usable name";
        case OFFSET -> "behind the end of the file";
        case BROKEN -> "the disk failed";
      };
    }
  }
}
