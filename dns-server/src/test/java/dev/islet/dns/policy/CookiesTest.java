package dev.islet.dns.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookiesTest {
  private static final byte[] CLIENT = {(byte) 198, 51, 100, 7};

  private static Cookies of(long seconds, String... secrets) {
    return new Cookies(
        Arrays.stream(secrets).map(HexFormat.of()::parseHex).toList(), new Random(1), seconds);
  }

  private static boolean proven(Cookies cookies, long head, long hash, long now) {
    return cookies.proven(7, head, hash, CLIENT, 4, now);
  }

  /** The examples of RFC 9018 appendix A. */
  @ParameterizedTest
  @CsvSource({
    "e5e973e5a6b2a43f48e7dc849e37bfcf,2464c4abcf10c957,198.51.100.100,1559731985,"
        + "010000005cf79f111f8130c3eee29480",
    "e5e973e5a6b2a43f48e7dc849e37bfcf,2464c4abcf10c957,198.51.100.100,1559734385,"
        + "010000005cf7a871d4a564a1442aca77",
    "e5e973e5a6b2a43f48e7dc849e37bfcf,fc93fc62807ddb86,203.0.113.203,1559734700,"
        + "010000005cf7a9acf73a7810aca2381e",
    "445536bcd2513298075a5d379663c962,22681ab97d52c298,2001:db8:220:1:59de:d0f4:8769:82b8,"
        + "1559741961,010000005cf7c609a6bb79d16625507a",
  })
  void cookies_are_those_that_other_servers_make(
      String secret, String client, String address, long seconds, String cookie) throws Exception {
    var cookies = of(seconds, secret);
    var ip = InetAddress.getByName(address).getAddress();
    long part = Long.parseUnsignedLong(client, 16);
    long head = Cookies.head(seconds);
    long hash = cookies.hash(part, head, ip, ip.length, seconds);
    assertThat(HexFormat.of().toHexDigits(head) + HexFormat.of().toHexDigits(hash))
        .isEqualTo(cookie);
    assertThat(cookies.proven(part, head, hash, ip, ip.length, seconds)).isTrue();
  }

  @Test
  void a_reserved_field_that_is_used_is_hashed_and_not_refused() {
    var cookies = of(0, "e5e973e5a6b2a43f48e7dc849e37bfcf");
    long part = Long.parseUnsignedLong("fc93fc62807ddb86", 16);
    long head = Long.parseUnsignedLong("01abcdef5cf78f71", 16);
    long hash = Long.parseUnsignedLong("a314227b6679ebf5", 16);
    var ip = new byte[] {(byte) 203, 0, 113, (byte) 203};
    assertThat(cookies.proven(part, head, hash, ip, 4, 0x5cf78f71L + 60)).isTrue();
  }

  @Test
  void a_cookie_is_good_for_its_address_and_an_hour() {
    var cookies = of(0);
    long head = Cookies.head(10_000);
    long hash = cookies.hash(7, head, CLIENT, 4, 10_000);
    assertThat(proven(cookies, head, hash, 10_000)).isTrue();
    assertThat(proven(cookies, head, hash, 13_600)).isTrue();
    assertThat(proven(cookies, head, hash, 13_601)).isFalse();
    assertThat(proven(cookies, head, hash, 9_700)).isTrue();
    assertThat(proven(cookies, head, hash, 9_699)).isFalse();
    assertThat(proven(cookies, head, hash + 1, 10_000)).isFalse();
    assertThat(proven(cookies, head + 1, hash, 10_000)).isFalse();
    assertThat(cookies.proven(8, head, hash, CLIENT, 4, 10_000)).isFalse();
    assertThat(cookies.proven(7, head, hash, new byte[] {1, 2, 3, 4}, 4, 10_000)).isFalse();
    assertThat(Cookies.fresh(head, 11_799)).isTrue();
    assertThat(Cookies.fresh(head, 11_800)).isFalse();
  }

  @Test
  void the_clock_may_come_round() {
    var cookies = of(0);
    long head = Cookies.head(0xFFFF_FFF0L);
    long hash = cookies.hash(7, head, CLIENT, 4, 0);
    assertThat(proven(cookies, head, hash, 0x1_0000_0010L)).isTrue();
  }

  @Test
  void secrets_roll_without_a_cookie_lost() {
    var before = "e5e973e5a6b2a43f48e7dc849e37bfcf";
    var after = "445536bcd2513298075a5d379663c962";
    var cookies = of(0, before);
    long head = Cookies.head(100);
    long hash = cookies.hash(7, head, CLIENT, 4, 100);
    cookies.secrets(List.of(HexFormat.of().parseHex(after), HexFormat.of().parseHex(before)), 200);
    assertThat(proven(cookies, head, hash, 200)).isTrue();
    assertThat(cookies.hash(7, head, CLIENT, 4, 200)).isNotEqualTo(hash);
    cookies.secrets(List.of(HexFormat.of().parseHex(after)), 300);
    assertThat(proven(cookies, head, hash, 300)).isFalse();
  }

  @Test
  void secrets_of_our_own_change_each_day_and_the_last_one_stays_good() {
    var cookies = of(1_000);
    long head = Cookies.head(87_000);
    long hash = cookies.hash(7, head, CLIENT, 4, 87_000);
    assertThat(proven(cookies, head, hash, 88_000)).isTrue();
    assertThat(cookies.hash(7, head, CLIENT, 4, 88_000)).isNotEqualTo(hash);
    long later = cookies.hash(7, head, CLIENT, 4, 88_001);
    cookies.secrets(List.of(), 88_002);
    assertThat(cookies.hash(7, head, CLIENT, 4, 88_003))
        .as("a reload changes none")
        .isEqualTo(later);
  }
}
