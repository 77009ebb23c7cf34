package dev.islet.ftp.account;

import dev.islet.core.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords so that the time taken tells nothing of why one was refused: every refusal costs
 * the rounds of the costliest account, whether the name is unknown, the password wrong, or the
 * account has a plain secret.
 *
 * <p>Who has proved a password is remembered for a while, so that a client which opens ten
 * connections does not cost ten slow hashes. What is kept is an HMAC of name, password and
 * credential under a key that lives only in this process: it cannot be computed from outside it, it
 * is of no use after it, and a changed password makes another one. Only successes are kept, so the
 * memory shortens no guess.
 *
 * <p>At most so many hashes are computed at once as there are permits; the others wait their turn,
 * so that guessing cannot take the whole board.
 */
public final class Verifier {
  private static final int REMEMBERED = 256;
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final SecretKeySpec key;
  private final TimeSource time;
  private final Semaphore permits;
  private final Map<String, Long> proved =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param random gives the key; must be unpredictable
   * @param atOnce how many hashes may be computed at the same time
   */
  public Verifier(RandomGenerator random, TimeSource time, int atOnce) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
    this.time = time;
    this.permits = new Semaphore(atOnce);
  }

  /** The account, if the name is known and the password is its own. */
  public Optional<Account> check(Accounts accounts, String name, String password)
      throws InterruptedException {
    var account = accounts.find(name);
    var proof =
        mac(
            account.isPresent() ? account.get().credential() : new Credential.Plain("-"),
            name,
            password);
    if (account.isPresent() && remembers(proof)) {
      return account;
    }
    permits.acquire();
    try {
      int wasted = accounts.rounds();
      if (account.isPresent()) {
        switch (account.get().credential()) {
          case Credential.Hashed(var hash) -> {
            if (hash.matches(password)) {
              remember(proof);
              return account;
            }
            wasted -= hash.rounds();
          }
          case Credential.Plain(var plain) -> {
            // Digests of equal length are compared, so that the length of the secret stays one.
            if (MessageDigest.isEqual(digest(plain), digest(password))) {
              return account;
            }
          }
        }
      }
      PasswordHash.waste(password, wasted);
      return Optional.empty();
    } finally {
      permits.release();
    }
  }

  private synchronized boolean remembers(String proof) {
    var until = proved.get(proof);
    return until != null && time.now() < until;
  }

  private synchronized void remember(String proof) {
    proved.put(proof, time.now() + MEMORY.toNanos());
  }

  private byte[] digest(String text) {
    return hmac(text.getBytes(StandardCharsets.UTF_8));
  }

  private String mac(Credential credential, String name, String password) {
    var bound =
        switch (credential) {
          case Credential.Hashed(var hash) -> hash.text();
          case Credential.Plain(var plain) -> "";
        };
    // NUL separates: it occurs in none of the three.
    var text = bound + "\0" + name + "\0" + password;
    return java.util.HexFormat.of().formatHex(hmac(text.getBytes(StandardCharsets.UTF_8)));
  }

  private byte[] hmac(byte[] of) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(of);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HmacSHA256", e);
    }
  }
}
