package dev.islet.ftp.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.ftp.model.Right;
import dev.islet.testkit.VirtualTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTest {
  private final Random random = new Random(5);
  private final VirtualTime time = new VirtualTime();

  @Test
  void a_hash_knows_its_password_and_survives_as_text() {
    var hash = PasswordHash.of("pässword", random);
    assertThat(hash.text()).startsWith("$pbkdf2-sha512$v=1$i=210000$");
    assertThat(PasswordHash.parse(hash.text())).isEqualTo(hash);
    assertThat(PasswordHash.parse(hash.text()).matches("pässword")).isTrue();
    assertThat(hash.matches("password")).isFalse();
    assertThat(hash.matches("")).isFalse();
    assertThat(PasswordHash.of("pässword", random).text()).isNotEqualTo(hash.text());
    assertThat(hash.toString()).doesNotContain(hash.text().substring(30));
  }

  /** The vector is from another program, named in the comment below. */
  @Test
  void the_function_is_pbkdf2_with_hmac_sha_512() {
    // python3: hashlib.pbkdf2_hmac('sha512', b'secret', bytes(range(16)), 100000, 32)
    var text =
        "$pbkdf2-sha512$v=1$i=100000$AAECAwQFBgcICQoLDA0ODw$8D/+fphIDJ8V6resDaLEgTmLA/mso7U8hGFlcB5Amh8";
    assertThat(PasswordHash.parse(text).matches("secret")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$pbkdf2-sha512$v=2$i=210000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "$pbkdf2-sha512$v=1$i=1000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "$pbkdf2-sha512$v=1$i=99999999$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "$pbkdf2-sha512$v=1$i=210000$AAEC$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8",
        "$pbkdf2-sha512$v=1$i=210000$AAECAwQFBgcICQoLDA0ODw$AAEC",
        "$pbkdf2-sha512$v=1$i=210000$A$A"
      })
  void what_is_no_hash_is_not_taken(String text) {
    assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private Accounts table(Credential credential) {
    var account = new Account("a", credential, Set.of(Right.READ));
    return name -> Optional.ofNullable(Map.of("a", account).get(name));
  }

  @Test
  void the_right_password_lets_in_and_nothing_else() throws Exception {
    var verifier = new Verifier(random, time, 2);
    for (var credential :
        new Credential[] {
          new Credential.Hashed(PasswordHash.of("secret", random)), new Credential.Plain("secret")
        }) {
      var accounts = table(credential);
      assertThat(verifier.check(accounts, "a", "secret")).isPresent();
      assertThat(verifier.check(accounts, "a", "secret")).isPresent();
      assertThat(verifier.check(accounts, "a", "secret ")).isEmpty();
      assertThat(verifier.check(accounts, "a", "")).isEmpty();
      assertThat(verifier.check(accounts, "b", "secret")).isEmpty();
      assertThat(verifier.check(accounts, "", "-")).isEmpty();
    }
  }

  @Test
  void what_was_proved_is_remembered_but_not_for_another_password_hash_or_time() throws Exception {
    var verifier = new Verifier(random, time, 1);
    var first = table(new Credential.Hashed(PasswordHash.of("secret", random)));
    assertThat(verifier.check(first, "a", "secret")).isPresent();
    long slow = cost(() -> verifier.check(first, "a", "wrong"));
    long quick = cost(() -> verifier.check(first, "a", "secret"));
    assertThat(quick).isLessThan(slow / 4);

    var changed = table(new Credential.Hashed(PasswordHash.of("other", random)));
    assertThat(verifier.check(changed, "a", "secret")).isEmpty();

    time.advance(Duration.ofMinutes(11));
    assertThat(cost(() -> verifier.check(first, "a", "secret"))).isGreaterThan(slow / 4);
  }

  /** The least of some runs, since other work on the machine only adds. */
  @Test
  void unknown_names_and_plain_secrets_cost_what_wrong_passwords_cost() throws Exception {
    var verifier = new Verifier(random, time, 1);
    var hashed = table(new Credential.Hashed(PasswordHash.of("secret", random)));
    var plain = table(new Credential.Plain("secret"));
    verifier.check(hashed, "a", "warm up");
    long wrong = least(() -> verifier.check(hashed, "a", "wrong"));
    long unknown = least(() -> verifier.check(hashed, "nobody", "wrong"));
    long wrongPlain = least(() -> verifier.check(plain, "a", "wrong"));
    assertThat(unknown).isBetween(wrong / 2, wrong * 2);
    assertThat(wrongPlain).isBetween(wrong / 2, wrong * 2);
  }

  private interface Check {
    Object run() throws Exception;
  }

  private static long cost(Check check) throws Exception {
    long began = System.nanoTime();
    check.run();
    return System.nanoTime() - began;
  }

  private static long least(Check check) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      least = Math.min(least, cost(check));
    }
    return least;
  }

  @Test
  void an_address_waits_longer_with_each_failure_and_only_that_address() throws Exception {
    var backOff = new BackOff(2, Duration.ofSeconds(5));
    var bad = InetAddress.getByName("192.168.7.66");
    var good = InetAddress.getByName("192.168.7.67");
    backOff.failed(bad, time.now());
    backOff.failed(bad, time.now());
    assertThat(backOff.wait(bad, time.now())).isZero();
    for (long seconds : new long[] {1, 2, 4, 5, 5}) {
      backOff.failed(bad, time.now());
      assertThat(backOff.wait(bad, time.now())).isEqualTo(seconds * 1_000_000_000);
      assertThat(backOff.wait(good, time.now())).isZero();
    }
    time.advance(Duration.ofSeconds(5));
    assertThat(backOff.wait(bad, time.now())).isZero();
    time.advance(Duration.ofSeconds(11));
    backOff.failed(bad, time.now());
    assertThat(backOff.wait(bad, time.now())).as("forgotten").isZero();
    backOff.succeeded(bad);
    assertThat(backOff.size()).isZero();
  }

  @Test
  void the_memory_of_failures_is_bounded_and_a_subnet_of_ipv6_is_one_address() throws Exception {
    var backOff = new BackOff(0, Duration.ofHours(1));
    for (int i = 0; i < 10_000; i++) {
      backOff.failed(
          InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}), time.now());
    }
    assertThat(backOff.size()).isEqualTo(4096);
    backOff.failed(InetAddress.getByName("2001:db8:1:2::1"), time.now());
    assertThat(backOff.wait(InetAddress.getByName("2001:db8:1:2:3::9"), time.now())).isPositive();
    assertThat(backOff.wait(InetAddress.getByName("2001:db8:1:3::1"), time.now())).isZero();
  }

  @Test
  void rights_have_short_forms() {
    assertThat(Right.expand(Set.of(Right.READ))).containsExactly(Right.LIST, Right.DOWNLOAD);
    assertThat(Right.expand(Set.of(Right.WRITE))).isEqualTo(EnumSet.range(Right.LIST, Right.MKDIR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".hidden", "a/b", "a b", "a\nb", "../x"})
  void a_name_that_is_no_file_name_is_no_user_name(String name) {
    assertThatThrownBy(() -> new Account(name, new Credential.Plain("x"), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
