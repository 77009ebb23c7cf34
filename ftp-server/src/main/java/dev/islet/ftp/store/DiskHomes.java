package dev.islet.ftp.store;

import dev.islet.ftp.account.Account;
import dev.islet.ftp.view.FileView;
import dev.islet.ftp.view.FileViews;
import dev.islet.ftp.view.VirtualPath;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Homes on disk, one folder an account. */
public final class DiskHomes implements FileViews {
  private static final System.Logger LOG = System.getLogger("islet.ftp");

  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final boolean durable;
  private volatile Map<String, Path> homes;

  /**
   * @param homes folder by account name
   * @param durable whether a finished upload is forced to the disk before the client hears of it
   */
  public DiskHomes(Map<String, Path> homes, boolean durable) {
    this.homes = Map.copyOf(homes);
    this.durable = durable;
  }

  /** Other homes for logins from here on. */
  public void replace(Map<String, Path> others) {
    homes = Map.copyOf(others);
  }

  /** Removes what was left of uploads and not written to since then, in every home. */
  public void sweep(Instant before) {
    for (var home : homes.values()) {
      if (Files.isDirectory(home)) {
        try (var root = Folder.root(home)) {
          sweep(root, before, 0);
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "service=ftp home=" + home + " was not swept", e);
        }
      }
    }
  }

  private static void sweep(Folder folder, Instant before, int depth) throws IOException {
    var names = new ArrayList<String>();
    folder.each(names::add);
    for (var name : names) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        var found = folder.attributes(name);
        if (found.isDirectory() && depth < VirtualPath.DEEPEST) {
          try (var inner = folder.open(name)) {
            sweep(inner, before, depth + 1);
          }
        } else if (name.startsWith(VirtualPath.RESERVED)
            && found.isRegularFile()
            && found.lastModifiedTime().toInstant().isBefore(before)) {
          folder.remove(name);
          LOG.log(Level.INFO, "service=ftp an old unfinished upload was removed file=" + name);
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "service=ftp file=" + name + " was not looked at", e);
      }
    }
  }

  @Override
  public FileView open(Account account) throws IOException {
    var home = homes.get(account.name());
    if (home == null) {
      throw new IOException("no home is known for " + account.name());
    }
    if (!Files.isDirectory(home)) {
      Files.createDirectories(home);
    }
    return new DiskView(home.toRealPath(), busy, durable);
  }
}
