package dev.islet.router.rip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.RipAuth;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RipCodecTest {
  private static final RipAuth OPEN = new RipAuth.Open();
  private static final RipAuth PASSWORD = new RipAuth.Password("secret");
  private static final RipAuth MD5 =
      new RipAuth.Keyed(List.of(new RipAuth.SharedKey(7, RipAuth.Algorithm.MD5, "secret")));

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  private static Parsed.Good good(byte[] bytes) {
    assertThat(RipCodec.read(bytes)).isInstanceOf(Parsed.Good.class);
    return (Parsed.Good) RipCodec.read(bytes);
  }

  private static void bothWays(String hex, RipMessage message, RipAuth auth, long sequence) {
    assertThat(HexFormat.of().formatHex(RipCodec.write(message, auth, sequence)))
        .isEqualTo(hex.replaceAll("\\s", ""));
    var read = good(hex(hex));
    assertThat(read.message()).isEqualTo(message);
    assertThat(Proof.check(read.proof(), auth)).isEmpty();
  }

  @Test
  void a_request_for_the_whole_table() {
    bothWays(
        "01020000 00000000 00000000 00000000 00000000 00000010", RipMessage.requestAll(), OPEN, 0);
    assertThat(RipMessage.requestAll().asksForEverything()).isTrue();
  }

  @Test
  void a_response_with_mask_next_hop_and_tag() {
    bothWays(
        """
        02020000
        00020064 0a140000 ffff0000 c0a80709 00000003
        00020000 00000000 00000000 00000000 00000001
        """,
        new RipMessage(
            RipMessage.Command.RESPONSE,
            2,
            List.of(
                new RipEntry(2, 100, 0x0A140000, 0xFFFF0000, 0xC0A80709, 3),
                RipEntry.of(Prefix.parse("0.0.0.0/0"), 0, 0, 1))),
        OPEN,
        0);
  }

  @Test
  void a_password_takes_the_first_entry() {
    bothWays(
        """
        02020000
        ffff0002 73656372 65740000 00000000 00000000
        00020000 0a000000 ff000000 00000000 00000001
        """,
        new RipMessage(
            RipMessage.Command.RESPONSE,
            2,
            List.of(RipEntry.of(Prefix.parse("10.0.0.0/8"), 0, 0, 1))),
        PASSWORD,
        0);
  }

  /** The digest was computed by hand with md5sum over the bytes before it and the padded key. */
  @Test
  void a_keyed_message_ends_with_its_digest() {
    bothWays(
        """
        02020000
        ffff0003 002c0710 00000005 00000000 00000000
        00020000 0a000000 ff000000 00000000 00000001
        ffff0001 %s
        """
            .formatted(MD5_DIGEST),
        new RipMessage(
            RipMessage.Command.RESPONSE,
            2,
            List.of(RipEntry.of(Prefix.parse("10.0.0.0/8"), 0, 0, 1))),
        MD5,
        5);
  }

  private static final String MD5_DIGEST = "793141fbf4780788c5b605815b885b8a";

  @Test
  void a_digest_of_sha_is_verified_and_every_changed_byte_is_noticed() {
    for (var algorithm : RipAuth.Algorithm.values()) {
      var auth = new RipAuth.Keyed(List.of(new RipAuth.SharedKey(1, algorithm, "a longer secret")));
      var message =
          new RipMessage(
              RipMessage.Command.RESPONSE,
              2,
              List.of(RipEntry.of(Prefix.parse("10.0.0.0/8"), 0, 0, 1)));
      var bytes = RipCodec.write(message, auth, 9);
      assertThat(Proof.check(good(bytes).proof(), auth)).isEmpty();
      for (int i = 24; i < bytes.length; i++) {
        var changed = bytes.clone();
        changed[i] ^= 1;
        if (RipCodec.read(changed) instanceof Parsed.Good read) {
          assertThat(Proof.check(read.proof(), auth)).as(algorithm + " byte " + i).isPresent();
        }
      }
    }
  }

  @Test
  void keys_can_be_rolled() {
    var old = new RipAuth.SharedKey(1, RipAuth.Algorithm.MD5, "old");
    var fresh = new RipAuth.SharedKey(2, RipAuth.Algorithm.HMAC_SHA_256, "new");
    var bytes = RipCodec.write(RipMessage.requestAll(), new RipAuth.Keyed(List.of(old)), 1);
    var proof = good(bytes).proof();
    assertThat(Proof.check(proof, new RipAuth.Keyed(List.of(fresh, old)))).isEmpty();
    assertThat(Proof.check(proof, new RipAuth.Keyed(List.of(fresh)))).contains("unknown key id");
  }

  @Test
  void a_proof_must_be_the_one_demanded() {
    var plain = good(RipCodec.write(RipMessage.requestAll(), OPEN, 0)).proof();
    var password = good(RipCodec.write(RipMessage.requestAll(), PASSWORD, 0)).proof();
    var keyed = good(RipCodec.write(RipMessage.requestAll(), MD5, 1)).proof();
    assertThat(Proof.check(plain, PASSWORD)).contains("password missing");
    assertThat(Proof.check(plain, MD5)).contains("digest missing");
    assertThat(Proof.check(password, OPEN)).contains("authentication not expected");
    assertThat(Proof.check(password, new RipAuth.Password("other"))).contains("wrong password");
    assertThat(Proof.check(keyed, PASSWORD)).contains("password expected, digest found");
    assertThat(Proof.check(password, MD5)).contains("digest expected, password found");
  }

  @Test
  void a_digest_length_that_counts_the_trailer_is_taken_too() {
    var bytes = RipCodec.write(RipMessage.requestAll(), MD5, 1);
    bytes[11] = 20;
    // The length is part of what is signed, so the digest must be of this form.
    var digest =
        Proof.digest(
            new RipAuth.SharedKey(7, RipAuth.Algorithm.MD5, "secret"),
            java.util.Arrays.copyOf(bytes, bytes.length - 16));
    System.arraycopy(digest, 0, bytes, bytes.length - 16, 16);
    assertThat(Proof.check(good(bytes).proof(), MD5)).isEmpty();
  }

  @Test
  void authentication_takes_one_of_the_25_entries() {
    var entries = new ArrayList<RipEntry>();
    for (int i = 0; i < 25; i++) {
      entries.add(RipEntry.of(Prefix.parse("10." + i + ".0.0/16"), 0, 0, 1));
    }
    var message = new RipMessage(RipMessage.Command.RESPONSE, 2, entries);
    assertThat(RipCodec.write(message, OPEN, 0)).hasSize(504);
    assertThatIllegalArgumentException().isThrownBy(() -> RipCodec.write(message, MD5, 0));
    var fewer = new RipMessage(RipMessage.Command.RESPONSE, 2, entries.subList(0, 24));
    assertThat(RipCodec.write(fewer, MD5, 0)).hasSize(524);
  }

  @Test
  void faults_are_told_with_their_place() {
    malformed("0102", 0, "shorter than a header");
    malformed("03020000", 0, "unknown command");
    malformed("02000000", 1, "version 0");
    malformed("02010001", 2, "version 1 field not zero");
    malformed("02020000 0002", 4, "cut entry");
    malformed("02020000 ffff0009" + "00".repeat(16), 6, "unknown authentication type");
    malformed("02020000 ffff0003 ffff0110" + "00".repeat(12), 8, "digest outside the datagram");
    malformed("02020000" + "00".repeat(20 * 26), 504, "more than 25 entries");
    malformed(
        "02010000 00020000 0a000000 ff000000 00000000 00000001", 6, "version 1 field not zero");
  }

  private static void malformed(String hex, int offset, String reason) {
    assertThat(RipCodec.read(hex(hex))).isEqualTo(new Parsed.Malformed(offset, reason));
  }

  @Test
  void an_explanation_covers_every_byte() {
    var bytes =
        RipCodec.write(
            new RipMessage(
                RipMessage.Command.RESPONSE,
                2,
                List.of(RipEntry.of(Prefix.parse("10.20.0.0/16"), 7, 0, 16))),
            MD5,
            5);
    var fields = Explain.explain(bytes);
    int at = 0;
    for (var field : fields) {
      assertThat(field.offset()).isEqualTo(at);
      at += field.length();
      assertThat(field.section()).startsWith("RFC ");
    }
    assertThat(at).isEqualTo(bytes.length);
    assertThat(fields)
        .contains(
            new Explain.Field(28, 4, "entry 1 address", "10.20.0.0", "RFC 2453 section 3.6"),
            new Explain.Field(
                32, 4, "entry 1 subnet mask", "255.255.0.0 /16", "RFC 2453 section 4.3"),
            new Explain.Field(40, 4, "entry 1 metric", "16 unreachable", "RFC 2453 section 3.6"));
    assertThat(Explain.explain(hex("0102"))).hasSize(1);
    assertThat(Explain.explain(hex("02020000 ff"))).hasSize(4);
  }
}
