package dev.islet.ftp;

import dev.islet.ftp.account.PasswordHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Reads a password, one line from standard input, and prints its hash for {@code ftp.yaml}. */
public final class HashPassword {
  private HashPassword() {}

  /** The text for the key {@code password-hash}. */
  public static String of(String password) {
    return PasswordHash.of(password, new SecureRandom()).text();
  }

  public static void main(String[] args) throws IOException {
    var console = System.console();
    String password;
    if (console != null && console.isTerminal()) {
      var typed = console.readPassword("Password: ");
      password = typed == null ? "" : new String(typed);
    } else {
      var line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      password = line == null ? "" : line;
    }
    if (password.isEmpty()) {
      System.err.println("An empty password lets everybody in; give one.");
      System.exit(2);
    }
    System.out.println(of(password));
  }
}
