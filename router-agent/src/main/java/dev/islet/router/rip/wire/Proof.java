package dev.islet.router.rip.wire;

import dev.islet.router.model.RipAuth;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a received message carries to prove its origin; {@link #check} holds it against what the
 * interface demands.
 */
public sealed interface Proof {
  /** Nothing. */
  record Absent() implements Proof {}

  /** A password in the first entry (RFC 2453 section 4.1), sixteen bytes. */
  record Password(byte[] text) implements Proof {}

  /**
   * A digest behind the entries (RFC 4822 section 2).
   *
   * @param keyId which key
   * @param sequence unsigned 32 bits, never decreasing
   * @param signed the message up to and with the four bytes in front of the digest
   * @param digest what the sender computed
   */
  record Digest(int keyId, long sequence, byte[] signed, byte[] digest) implements Proof {}

  /**
   * Whether the proof is what the interface demands; sequence numbers are the neighbour table's
   * matter.
   *
   * @return empty if it is good, else why not
   */
  static Optional<String> check(Proof proof, RipAuth demanded) {
    return switch (demanded) {
      case RipAuth.Open() ->
          // RFC 2453 section 4.1: a router that does not authenticate ignores authenticated ones.
          proof instanceof Absent ? Optional.empty() : Optional.of("authentication not expected");
      case RipAuth.Password(var text) ->
          switch (proof) {
            case Absent() -> Optional.of("password missing");
            case Digest d -> Optional.of("password expected, digest found");
            case Password(var given) ->
                MessageDigest.isEqual(given, padded(text))
                    ? Optional.empty()
                    : Optional.of("wrong password");
          };
      case RipAuth.Keyed(var keys) ->
          switch (proof) {
            case Absent() -> Optional.of("digest missing");
            case Password p -> Optional.of("digest expected, password found");
            case Digest(var id, _, var signed, var digest) ->
                keys.stream()
                    .filter(key -> key.id() == id)
                    .findFirst()
                    .map(
                        key ->
                            MessageDigest.isEqual(digest(key, signed), digest)
                                ? Optional.<String>empty()
                                : Optional.of("wrong digest"))
                    .orElse(Optional.of("unknown key id"));
          };
    };
  }

  /** The password as it lies in an entry: sixteen bytes, zeros behind. */
  static byte[] padded(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 16);
  }

  /**
   * The digest over a message that ends with the four bytes in front of the digest.
   *
   * <p>MD5: the key, padded to 16, is hashed where the digest will lie (RFC 2082 section 3.2).
   * HMAC: a fixed pattern lies there while hashing, and the key is first brought to the length of
   * the digest (RFC 4822 section 3.3).
   */
  static byte[] digest(RipAuth.SharedKey key, byte[] signed) {
    var secret = key.secret().getBytes(StandardCharsets.UTF_8);
    try {
      return switch (key.algorithm()) {
        case MD5 -> {
          var md5 = MessageDigest.getInstance("MD5");
          md5.update(signed);
          yield md5.digest(Arrays.copyOf(secret, 16));
        }
        case HMAC_SHA_1 -> hmac("HmacSHA1", "SHA-1", 20, secret, signed);
        case HMAC_SHA_256 -> hmac("HmacSHA256", "SHA-256", 32, secret, signed);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has MD5, SHA-1 and SHA-256", e);
    }
  }

  private static byte[] hmac(String mac, String hash, int length, byte[] secret, byte[] signed)
      throws GeneralSecurityException {
    var key =
        secret.length > length
            ? MessageDigest.getInstance(hash).digest(secret)
            : Arrays.copyOf(secret, length);
    var pattern = new byte[length];
    int[] apad = {0x87, 0x8F, 0xE1, 0xF3};
    for (int i = 0; i < length; i++) {
      pattern[i] = (byte) apad[i % 4];
    }
    var computing = Mac.getInstance(mac);
    computing.init(new SecretKeySpec(key, mac));
    computing.update(signed);
    return computing.doFinal(pattern);
  }
}
