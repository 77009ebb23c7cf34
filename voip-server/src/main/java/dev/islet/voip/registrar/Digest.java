package dev.islet.voip.registrar;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The arithmetic of digest authentication (RFC 7616 §3.4, RFC 8760). */
public final class Digest {
  /** A hash that a challenge can ask for. */
  public enum Algorithm {
    /** RFC 8760: to be preferred. */
    SHA_256("SHA-256", 64),
    /** RFC 2617: what older phones know. */
    MD5("MD5", 32);

    private final String token;
    private final int hexDigits;

    Algorithm(String token, int hexDigits) {
      this.token = token;
      this.hexDigits = hexDigits;
    }

    /** As in the {@code algorithm} parameter. */
    public String token() {
      return token;
    }

    /** How long its digests are in hexadecimal. */
    public int hexDigits() {
      return hexDigits;
    }
  }

  private Digest() {}

  /** What stands for the password: the hash of user, realm and password. */
  public static String ha1(Algorithm algorithm, String user, String realm, String password) {
    return hash(algorithm, user + ":" + realm + ":" + password);
  }

  /** The answer to a challenge with {@code qop=auth}. */
  public static String response(
      Algorithm algorithm,
      String ha1,
      String nonce,
      String count,
      String clientNonce,
      String method,
      String uri) {
    var ha2 = hash(algorithm, method + ":" + uri);
    return hash(algorithm, String.join(":", ha1, nonce, count, clientNonce, "auth", ha2));
  }

  /** The hash of a text, in lower-case hexadecimal. */
  static String hash(Algorithm algorithm, String text) {
    try {
      var sum =
          MessageDigest.getInstance(algorithm.token())
              .digest(text.getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm.token(), e);
    }
  }
}
