package dev.islet.ftp.account;

/** What a password is checked against. */
public sealed interface Credential {
  /** A slow hash. */
  record Hashed(PasswordHash hash) implements Credential {}

  /** The password itself, as taken from the environment, a secret file or code. */
  record Plain(String password) implements Credential {
    public Plain {
      if (password.isEmpty()) {
        throw new IllegalArgumentException("an empty password lets everybody in; give one");
      }
    }

    @Override
    public String toString() {
      return "***";
    }
  }
}
