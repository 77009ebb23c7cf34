package dev.islet.ftp.store;

import dev.islet.ftp.account.Account;
import dev.islet.ftp.view.FileView;
import dev.islet.ftp.view.FileViews;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Homes on disk, one folder an account. */
public final class DiskHomes implements FileViews {
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
