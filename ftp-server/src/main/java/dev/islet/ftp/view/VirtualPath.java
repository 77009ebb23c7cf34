package dev.islet.ftp.view;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in an account's home as the client names it: names below the root, never {@code .} or
 * {@code ..}. Going above the root stays at the root, so no text of a client can name anything
 * outside; that no link on disk does is the work of the {@link FileView}.
 *
 * @param names from the root down; empty for the root
 */
public record VirtualPath(List<String> names) {
  /** The home itself. */
  public static final VirtualPath ROOT = new VirtualPath(List.of());

  /** Names that begin so are ours: files on their way in. Clients can neither see nor use them. */
  public static final String RESERVED = ".islet-part-";

  /** No path has more names. */
  public static final int DEEPEST = 64;

  private static final int LONGEST = 4096;
  private static final int LONGEST_NAME = 255;

  public VirtualPath {
    names = List.copyOf(names);
  }

  /** What a client means by this text when it stands here. */
  public VirtualPath resolve(String text) throws FileRefused {
    if (text.length() > LONGEST) {
      throw new FileRefused(FileRefused.Reason.NAME, "the path is longer than 4096 characters");
    }
    var to = new ArrayList<String>();
    if (!text.startsWith("/")) {
      to.addAll(names);
    }
    for (var name : text.split("/", -1)) {
      switch (name) {
        case "", "." -> {
          // stays where it is
        }
        case ".." -> {
          if (!to.isEmpty()) {
            to.removeLast();
          }
        }
        default -> to.add(checked(name));
      }
    }
    if (to.size() > DEEPEST) {
      throw new FileRefused(FileRefused.Reason.NAME, "the path is deeper than 64 folders");
    }
    return new VirtualPath(to);
  }

  private static String checked(String name) throws FileRefused {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c == 0x7f || c == '\\' && java.io.File.separatorChar == '\\') {
        throw new FileRefused(FileRefused.Reason.NAME, "the name has a control character");
      }
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new FileRefused(FileRefused.Reason.NAME, "a name is longer than 255 bytes");
    }
    if (name.startsWith(RESERVED)) {
      throw new FileRefused(FileRefused.Reason.NAME, "the name is reserved");
    }
    return name;
  }

  /** The folder it lies in; the root lies in itself. */
  public VirtualPath parent() {
    return names.isEmpty() ? this : new VirtualPath(names.subList(0, names.size() - 1));
  }

  /** A name below it. */
  public VirtualPath child(String name) {
    var longer = new ArrayList<>(names);
    longer.add(name);
    return new VirtualPath(longer);
  }

  /** Its last name; empty for the root. */
  public Optional<String> name() {
    return names.isEmpty() ? Optional.empty() : Optional.of(names.getLast());
  }

  /** Whether the other is this or lies below it. */
  public boolean holds(VirtualPath other) {
    return other.names.size() >= names.size() && other.names.subList(0, names.size()).equals(names);
  }

  @Override
  public String toString() {
    return "/" + String.join("/", names);
  }
}
