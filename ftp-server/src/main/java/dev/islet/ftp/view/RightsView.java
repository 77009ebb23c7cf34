package dev.islet.ftp.view;

import static dev.islet.ftp.model.Right.DELETE;
import static dev.islet.ftp.model.Right.DOWNLOAD;
import static dev.islet.ftp.model.Right.LIST;
import static dev.islet.ftp.model.Right.MKDIR;
import static dev.islet.ftp.model.Right.RENAME;
import static dev.islet.ftp.model.Right.UPLOAD;

import dev.islet.ftp.model.Entry;
import dev.islet.ftp.model.Right;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;

/** A home seen with the rights of an account. */
public final class RightsView implements FileView {
  private final FileView home;
  private final Set<Right> rights;

  public RightsView(FileView home, Set<Right> rights) {
    this.home = home;
    this.rights = Right.expand(rights);
  }

  private void need(Right right) throws FileRefused {
    if (!rights.contains(right)) {
      throw new FileRefused(FileRefused.Reason.DENIED, "this account may not do that");
    }
  }

  /** Folders can always be entered; what a file is like is told to those who may list or fetch. */
  @Override
  public Entry stat(VirtualPath path) throws IOException {
    var entry = home.stat(path);
    if (!entry.folder() && !rights.contains(LIST) && !rights.contains(DOWNLOAD)) {
      need(LIST);
    }
    return entry;
  }

  @Override
  public void list(VirtualPath folder, Consumer<Entry> each) throws IOException {
    need(LIST);
    home.list(folder, each);
  }

  @Override
  public InputStream read(VirtualPath file, long from) throws IOException {
    need(DOWNLOAD);
    return home.read(file, from);
  }

  @Override
  public Upload write(VirtualPath file, Start start) throws IOException {
    need(UPLOAD);
    return home.write(file, start);
  }

  /** Only who may go on with an upload is told of it. */
  @Override
  public long unfinished(VirtualPath file) throws IOException {
    return rights.contains(UPLOAD) ? home.unfinished(file) : 0;
  }

  @Override
  public void makeFolder(VirtualPath folder) throws IOException {
    need(MKDIR);
    home.makeFolder(folder);
  }

  @Override
  public void removeFolder(VirtualPath folder) throws IOException {
    need(DELETE);
    home.removeFolder(folder);
  }

  @Override
  public void remove(VirtualPath file) throws IOException {
    need(DELETE);
    home.remove(file);
  }

  @Override
  public void rename(VirtualPath from, VirtualPath to) throws IOException {
    need(RENAME);
    home.rename(from, to);
  }

  @Override
  public void touch(VirtualPath file, Instant modified) throws IOException {
    need(UPLOAD);
    home.touch(file, modified);
  }

  @Override
  public void close() {
    home.close();
  }
}
