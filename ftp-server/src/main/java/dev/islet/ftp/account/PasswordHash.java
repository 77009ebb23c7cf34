package dev.islet.ftp.account;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A salted, slow hash of a password: PBKDF2 (RFC 8018 section 5.2) with HMAC-SHA-512.
 *
 * <p>As text: {@code $pbkdf2-sha512$v=1$i=210000$<salt>$<hash>}, salt and hash in Base64 without
 * padding. The version stands for the whole recipe; another recipe gets another one.
 *
 * <p>210,000 rounds are what OWASP asks of this function. A board of the Raspberry Pi 4 class needs
 * part of a second for them, which is why {@link Verifier} remembers who has proved it lately.
 */
public final class PasswordHash {
  /** Rounds of a new hash. */
  public static final int ROUNDS = 210_000;

  /** Fewer are not taken from a configuration. */
  public static final int LEAST_ROUNDS = 100_000;

  private static final int MOST_ROUNDS = 10_000_000;
  private static final int SALT = 16;
  private static final int HASH = 32;
  private static final Pattern TEXT =
      Pattern.compile(
          "\\$pbkdf2-sha512\\$v=1\\$i=(\\d{1,8})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private final int rounds;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int rounds, byte[] salt, byte[] hash) {
    this.rounds = rounds;
    this.salt = salt;
    this.hash = hash;
  }

  /** Hashes a password with a new salt. */
  public static PasswordHash of(String password, RandomGenerator random) {
    return of(password, ROUNDS, random);
  }

  static PasswordHash of(String password, int rounds, RandomGenerator random) {
    var salt = new byte[SALT];
    random.nextBytes(salt);
    return new PasswordHash(rounds, salt, derive(password, salt, rounds));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException what was expected
   */
  public static PasswordHash parse(String text) {
    var matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a password hash of the form $pbkdf2-sha512$v=1$i=210000$salt$hash");
    }
    int rounds = Integer.parseInt(matcher.group(1));
    if (rounds < LEAST_ROUNDS || rounds > MOST_ROUNDS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the hash has %d rounds; from %d to %d are taken",
              rounds,
              LEAST_ROUNDS,
              MOST_ROUNDS));
    }
    byte[] salt;
    byte[] hash;
    try {
      salt = Base64.getDecoder().decode(matcher.group(2));
      hash = Base64.getDecoder().decode(matcher.group(3));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("salt or hash is not Base64", e);
    }
    if (salt.length < SALT || salt.length > 64 || hash.length != HASH) {
      throw new IllegalArgumentException(
          "expected a salt of at least 16 bytes and a hash of 32 bytes");
    }
    return new PasswordHash(rounds, salt, hash);
  }

  /** Whether this is the password's hash; takes the same time for every wrong one. */
  public boolean matches(String password) {
    return MessageDigest.isEqual(hash, derive(password, salt, rounds));
  }

  /** How often the function is repeated. */
  public int rounds() {
    return rounds;
  }

  /** The text form. */
  public String text() {
    var base64 = Base64.getEncoder().withoutPadding();
    return "$pbkdf2-sha512$v=1$i="
        + rounds
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }

  @Override
  public String toString() {
    return "$pbkdf2-sha512$v=1$i=" + rounds + "$…";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PasswordHash that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  /** Does the work of a check that cannot succeed. */
  static void waste(String password, int rounds) {
    if (rounds > 0) {
      derive(password, new byte[SALT], rounds);
    }
  }

  private static byte[] derive(String password, byte[] salt, int rounds) {
    // PBEKeySpec refuses an empty password in some providers' view of things; a NUL is as good.
    var chars = password.isEmpty() ? new char[] {0} : password.toCharArray();
    var spec = new PBEKeySpec(chars, salt, rounds, HASH * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks PBKDF2WithHmacSHA512", e);
    } finally {
      spec.clearPassword();
    }
  }
}
