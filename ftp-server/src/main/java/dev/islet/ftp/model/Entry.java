package dev.islet.ftp.model;

import java.time.Instant;

/**
 * A file or folder as a client sees it.
 *
 * @param name its last name, or its whole path where one was asked for; never with a line break
 * @param folder whether it is a folder
 * @param size bytes; 0 for folders
 * @param modified time of the last change of its content
 * @param unique the same text for the same file under every name (RFC 3659 section 7.5.2); empty if
 *     not known
 * @param mode the nine permission bits, as in {@code 0644}
 */
public record Entry(
    String name, boolean folder, long size, Instant modified, String unique, int mode) {
  /** The same entry under another name. */
  public Entry named(String other) {
    return new Entry(other, folder, size, modified, unique, mode);
  }
}
