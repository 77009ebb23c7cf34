package dev.islet.ftp.view;

import dev.islet.ftp.account.Account;
import java.io.IOException;

/** Opens the home of an account that has logged in; an embedder may bring another one. */
@FunctionalInterface
public interface FileViews {
  FileView open(Account account) throws IOException;
}
