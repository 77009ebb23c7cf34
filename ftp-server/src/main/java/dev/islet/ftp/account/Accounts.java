package dev.islet.ftp.account;

import java.util.Optional;

/** Where accounts are looked up; an embedder may bring another one. */
@FunctionalInterface
public interface Accounts {
  /** The account of this name; must not take longer for unknown names than for known ones. */
  Optional<Account> find(String name);

  /** The costliest hash among the accounts, in rounds: what a check of an unknown name costs. */
  default int rounds() {
    return PasswordHash.ROUNDS;
  }
}
