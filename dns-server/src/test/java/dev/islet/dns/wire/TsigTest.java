package dev.islet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.TsigAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

class TsigTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Name NAME = Name.fromConstantString("dhcp-dns.");
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes();

  private static TsigKey key(TsigAlgorithm algorithm) {
    return new TsigKey(NAME, algorithm, SECRET);
  }

  private static TSIG theirs(TsigAlgorithm algorithm, Instant now) {
    return new TSIG(
        algorithm.wireName(),
        NAME,
        new SecretKeySpec(SECRET, algorithm.mac()),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static byte[] query() {
    return Message.newQuery(Record.newRecord(Name.fromConstantString("www.home.arpa."), Type.A, 1))
        .toWire();
  }

  private static byte[] signedByTheirs(TsigAlgorithm algorithm, Instant now) throws IOException {
    var message = new Message(query());
    message.setTSIG(theirs(algorithm, now));
    return message.toWire(65_535);
  }

  private static Tsig.Verdict check(byte[] message, Instant now, TsigKey... keys) {
    var view = new MessageView();
    assertThat(view.read(ByteBuffer.wrap(message))).isTrue();
    var ring = new java.util.HashMap<Name, TsigKey>();
    for (var key : keys) {
      ring.put(key.name(), key);
    }
    return Tsig.check(message, view.tsigAt(), Map.copyOf(ring), now);
  }

  @ParameterizedTest
  @EnumSource
  void signatures_of_another_library_are_good_and_ours_are_good_for_it(TsigAlgorithm algorithm)
      throws IOException {
    var request = signedByTheirs(algorithm, NOW);
    assertThat(check(request, NOW, key(algorithm)))
        .isInstanceOfSatisfying(
            Tsig.Verdict.Good.class,
            good -> {
              try {
                var reply = Tsig.sign(query(), good, NOW);
                int verdict =
                    theirs(algorithm, NOW)
                        .verify(new Message(reply), reply, new Message(request).getTSIG());
                assertThat(verdict).isEqualTo(Rcode.NOERROR);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    var mine = Tsig.signRequest(query(), key(algorithm), NOW);
    assertThat(theirs(algorithm, NOW).verify(new Message(mine), mine, null))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void a_wrong_secret_is_badsig_and_an_unknown_name_or_algorithm_badkey() throws IOException {
    var request = signedByTheirs(TsigAlgorithm.HMAC_SHA256, NOW);
    var other = new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, new byte[32]);
    assertThat(check(request, NOW, other)).matches(v -> error(v) == Tsig.BADSIG);
    assertThat(check(request, NOW)).matches(v -> error(v) == Tsig.BADKEY);
    assertThat(check(request, NOW, key(TsigAlgorithm.HMAC_SHA512)))
        .matches(v -> error(v) == Tsig.BADKEY);
  }

  @Test
  void no_changed_bit_is_accepted() throws IOException {
    var request = signedByTheirs(TsigAlgorithm.HMAC_SHA256, NOW);
    var random = new Random(3);
    var view = new MessageView();
    int accepted = 0;
    for (int i = 0; i < 5_000; i++) {
      var changed = request.clone();
      changed[random.nextInt(2, changed.length)] ^= (byte) (1 << random.nextInt(8));
      if (view.read(ByteBuffer.wrap(changed))) {
        var keys = Map.of(NAME, key(TsigAlgorithm.HMAC_SHA256));
        if (Tsig.check(changed, view.tsigAt(), keys, NOW) instanceof Tsig.Verdict.Good
            && !new Message(changed).toString().equalsIgnoreCase(new Message(request).toString())) {
          accepted++;
        }
      }
    }
    assertThat(accepted).as("changed in more than the case of the key's name").isZero();
  }

  @Test
  void an_old_signature_is_badtime_signed_and_with_our_time() throws IOException {
    var late = NOW.plusSeconds(301);
    var request = signedByTheirs(TsigAlgorithm.HMAC_SHA256, NOW);
    assertThat(check(request, NOW.plusSeconds(300), key(TsigAlgorithm.HMAC_SHA256)))
        .isInstanceOf(Tsig.Verdict.Good.class);
    assertThat(check(request, late, key(TsigAlgorithm.HMAC_SHA256)))
        .isInstanceOfSatisfying(
            Tsig.Verdict.Bad.class,
            bad -> {
              assertThat(bad.error()).isEqualTo(Tsig.BADTIME);
              var reply = Tsig.signError(query(), bad, late);
              try {
                var tsig = new Message(reply).getTSIG();
                assertThat(tsig.getError()).isEqualTo(Tsig.BADTIME);
                assertThat(tsig.getTimeSigned()).isEqualTo(NOW);
                assertThat(tsig.getSignature()).hasSize(32);
                assertThat(tsig.getOther()).hasSize(6);
                assertThat(ByteBuffer.wrap(tsig.getOther(), 2, 4).getInt() & 0xFFFF_FFFFL)
                    .isEqualTo(late.getEpochSecond());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void a_bad_key_is_told_without_a_mac() throws IOException {
    var request = signedByTheirs(TsigAlgorithm.HMAC_SHA256, NOW);
    var bad = (Tsig.Verdict.Bad) check(request, NOW);
    var tsig = new Message(Tsig.signError(query(), bad, NOW)).getTSIG();
    assertThat(tsig.getError()).isEqualTo(Tsig.BADKEY);
    assertThat(tsig.getSignature()).isEmpty();
  }

  private static int error(Tsig.Verdict verdict) {
    return verdict instanceof Tsig.Verdict.Bad bad ? bad.error() : -1;
  }
}
