package dev.islet.ftp.model;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What an account may do in its home; {@link #READ} and {@link #WRITE} are short for several. */
public enum Right {
  /** See names, sizes and times. */
  LIST,
  /** Fetch files. */
  DOWNLOAD,
  /** Store, append to and replace files, and set their time. */
  UPLOAD,
  /** Remove files and empty folders. */
  DELETE,
  /** Give files and folders another name or place. */
  RENAME,
  /** Make folders. */
  MKDIR,
  /** Short for LIST and DOWNLOAD. */
  READ,
  /** Short for everything. */
  WRITE;

  /** The set with READ and WRITE replaced by what they stand for. */
  public static Set<Right> expand(Collection<Right> rights) {
    var all = EnumSet.noneOf(Right.class);
    for (var right : rights) {
      switch (right) {
        case READ -> {
          all.add(LIST);
          all.add(DOWNLOAD);
        }
        case WRITE -> all.addAll(EnumSet.range(LIST, MKDIR));
        case LIST, DOWNLOAD, UPLOAD, DELETE, RENAME, MKDIR -> all.add(right);
      }
    }
    return Collections.unmodifiableSet(all);
  }
}
