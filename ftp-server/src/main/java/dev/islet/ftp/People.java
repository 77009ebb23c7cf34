package dev.islet.ftp;

import dev.islet.core.service.Home;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.ftp.account.Account;
import dev.islet.ftp.account.Accounts;
import dev.islet.ftp.account.BackOff;
import dev.islet.ftp.account.Credential;
import dev.islet.ftp.account.PasswordHash;
import dev.islet.ftp.store.DiskHomes;
import dev.islet.ftp.view.FileViews;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may log in and where they are kept, made of a configuration.
 *
 * @param disk the homes on disk, shared by successive configurations; null if the embedder brought
 *     homes of its own
 */
record People(
    Map<String, Account> byName,
    Map<String, Path> homes,
    Accounts accounts,
    FileViews views,
    @Nullable DiskHomes disk,
    BackOff backOff,
    Home home) {
  private static final System.Logger LOG = System.getLogger("islet.ftp");

  /** An account table; unknown names cost the same look-up as known ones. */
  private record Table(Map<String, Account> byName, int rounds) implements Accounts {
    @Override
    public Optional<Account> find(String name) {
      return Optional.ofNullable(byName.get(name));
    }
  }

  static People from(FtpConfig config, Setup setup, Home home) {
    var homes = homes(config, home);
    var disk = setup.views == null ? new DiskHomes(homes, config.uploads().durable()) : null;
    return make(config, setup, home, homes, disk, backOff(config));
  }

  /**
   * The same for a changed configuration; the memory of failures stays unless its bounds change.
   */
  People with(FtpConfig before, FtpConfig after, Setup setup) {
    var others = homes(after, home);
    boolean sameBounds =
        before.limits().freeFailures() == after.limits().freeFailures()
            && before.limits().longestWait().equals(after.limits().longestWait());
    var people = make(after, setup, home, others, disk, sameBounds ? backOff : backOff(after));
    if (disk != null) {
      disk.replace(others);
    }
    return people;
  }

  private static People make(
      FtpConfig config,
      Setup setup,
      Home home,
      Map<String, Path> homes,
      @Nullable DiskHomes disk,
      BackOff backOff) {
    var byName = new TreeMap<String, Account>();
    int rounds = PasswordHash.ROUNDS;
    for (var user : config.users()) {
      var account = new Account(user.name(), credential(user, home), Set.copyOf(user.rights()));
      byName.put(user.name(), account);
      if (account.credential() instanceof Credential.Hashed(var hash)) {
        rounds = Math.max(rounds, hash.rounds());
      }
    }
    FileViews views = setup.views != null ? setup.views : Objects.requireNonNull(disk);
    Accounts accounts =
        setup.accounts != null ? setup.accounts : new Table(Map.copyOf(byName), rounds);
    return new People(byName, homes, accounts, views, disk, backOff, home);
  }

  private static Map<String, Path> homes(FtpConfig config, Home home) {
    var homes = new HashMap<String, Path>();
    for (var user : config.users()) {
      homes.put(
          user.name(),
          user.home().orElseGet(() -> home.data("ftp").resolve("home").resolve(user.name())));
    }
    return homes;
  }

  private static BackOff backOff(FtpConfig config) {
    return new BackOff(config.limits().freeFailures(), config.limits().longestWait());
  }

  private static Credential credential(FtpConfig.User user, Home home) {
    if (user.passwordHash().isPresent()) {
      return new Credential.Hashed(PasswordHash.parse(user.passwordHash().get()));
    }
    if (user.password().isPresent()) {
      return new Credential.Plain(user.password().get());
    }
    var file = home.data("ftp").resolve(user.name() + ".password");
    try {
      var secret = new Credential.Plain(SharedSecret.of(file));
      LOG.log(Level.INFO, "service=ftp user={0} password-file={1}", user.name(), file);
      return secret;
    } catch (IOException e) {
      throw new StartException(
          "FTP-SECRET-001",
          "cannot keep the password of " + user.name() + " in " + file + ": " + e.getMessage(),
          "Make the data folder writable, or give the user a password or password-hash",
          e);
    }
  }

  /** Whether an account means the same in both. */
  boolean same(People before, String name) {
    return Objects.equals(byName.get(name), before.byName.get(name))
        && Objects.equals(homes.get(name), before.homes.get(name));
  }

  List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
