package dev.islet.ftp.account;

import dev.islet.ftp.model.Right;
import java.util.Set;

/**
 * Somebody who may log in.
 *
 * @param name as given to USER; capitals count
 * @param credential what the password is checked against
 * @param rights what is allowed, without the short forms
 */
public record Account(String name, Credential credential, Set<Right> rights) {
  /** The longest name that is taken. */
  public static final int LONGEST_NAME = 64;

  public Account {
    rights = Right.expand(rights);
    if (!name.matches("[\\p{L}\\p{N}._@+-]{1,64}") || name.startsWith(".")) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" is no user name; use letters, digits and . _ @ + -, at most 64, no leading dot");
    }
  }
}
