package dev.islet.dns.dnssec;

import dev.islet.dns.model.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Tokenizer;
import org.xbill.DNS.Type;

/**
 * Makes keys, and reads and writes them in the form that BIND, NSD's and Knot's tools know: {@code
 * K<zone>+<algorithm>+<tag>.key} with the DNSKEY record, and {@code .private} beside it.
 */
public final class KeyText {
  /** Zone key (RFC 4034 section 2.1.1). */
  static final int ZONE = 256;

  /** Secure entry point. */
  static final int SEP = 1;

  private static final int BYTES = 32;
  private static final int DNSSEC_PROTOCOL = 3;

  private KeyText() {}

  /** A new key pair; its private half is made of the given chance. */
  public static ZoneKey generate(
      Name zone, SigningAlgorithm algorithm, KeyRole role, long ttl, SecureRandom random) {
    try {
      var generator = generator(algorithm, random);
      int flags = ZONE | (role.entry() ? SEP : 0);
      KeyPair pair = generator.generateKeyPair();
      return new ZoneKey(
          new DNSKEYRecord(
              zone, DClass.IN, ttl, flags, DNSSEC_PROTOCOL, algorithm.number(), pair.getPublic()),
          pair.getPrivate());
    } catch (GeneralSecurityException | DNSSEC.DNSSECException e) {
      throw new IllegalStateException("this Java cannot make keys for " + algorithm, e);
    }
  }

  private static KeyPairGenerator generator(SigningAlgorithm algorithm, SecureRandom random)
      throws GeneralSecurityException {
    switch (algorithm) {
      case ECDSAP256SHA256 -> {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator;
      }
      case ED25519 -> {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, random);
        return generator;
      }
    }
    throw new InvalidAlgorithmParameterException(algorithm.toString());
  }

  /** The name of the Java cryptography architecture for signatures. */
  static String signature(int algorithm) {
    return algorithm == SigningAlgorithm.ED25519.number()
        ? "Ed25519"
        : "SHA256withECDSAinP1363Format";
  }

  /** The files' name without its ending, like {@code Khome.arpa.+013+12345}. */
  public static String fileName(ZoneKey key) {
    return String.format(
        Locale.ROOT,
        "K%s+%03d+%05d",
        key.record().getName().toString().toLowerCase(Locale.ROOT).replace('/', '_'),
        key.algorithm(),
        key.tag());
  }

  /** What {@code .key} holds. */
  public static String publicText(ZoneKey key) {
    var record = key.record();
    boolean entry = (record.getFlags() & SEP) != 0;
    return "; This is a "
        + (entry ? "key" : "zone")
        + "-signing key, keyid "
        + key.tag()
        + ", for "
        + record.getName()
        + "\n"
        + record
        + "\n";
  }

  /** What {@code .private} holds. */
  public static String privateText(ZoneKey key) {
    return "Private-key-format: v1.3\nAlgorithm: "
        + key.algorithm()
        + (key.algorithm() == SigningAlgorithm.ED25519.number()
            ? " (ED25519)"
            : " (ECDSAP256SHA256)")
        + "\nPrivateKey: "
        + Base64.getEncoder().encodeToString(scalar(key.secret()))
        + "\n";
  }

  private static byte[] scalar(PrivateKey key) {
    return switch (key) {
      case ECPrivateKey ec -> {
        var bytes = ec.getS().toByteArray();
        var out = new byte[BYTES];
        int length = Math.min(bytes.length, BYTES);
        System.arraycopy(bytes, bytes.length - length, out, BYTES - length, length);
        yield out;
      }
      case EdECPrivateKey ed -> ed.getBytes().orElseThrow();
      default -> throw new IllegalArgumentException("no key of ours: " + key.getAlgorithm());
    };
  }

  /**
   * Reads a key pair back.
   *
   * @throws IOException what is wrong with the texts, in one phrase
   */
  public static ZoneKey read(String publicText, String privateText) throws IOException {
    var record = record(publicText);
    var fields = new java.util.HashMap<String, String>();
    privateText
        .lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> fields.put(pair[0].strip(), pair[1].strip()));
    int algorithm = record.getAlgorithm();
    var secret = fields.get("PrivateKey");
    if (!fields.getOrDefault("Algorithm", "").startsWith(algorithm + " ") || secret == null) {
      throw new IOException("the two halves are not of the same algorithm, or have no PrivateKey");
    }
    try {
      var bytes = Base64.getDecoder().decode(secret);
      var key = new ZoneKey(record, secret(algorithm, bytes));
      fits(key);
      return key;
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException("PrivateKey cannot be used: " + e.getMessage(), e);
    }
  }

  private static DNSKEYRecord record(String text) throws IOException {
    for (var line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith(";")) {
        continue;
      }
      try (var in = new Tokenizer(line + "\n")) {
        var owner = in.getName(Name.root);
        var word = in.getString();
        while (!word.equalsIgnoreCase("DNSKEY")) {
          word = in.getString(); // a TTL, a class
        }
        long ttl = SigningPolicy.KEY_TTL.toSeconds();
        var read = Record.fromString(owner, Type.DNSKEY, DClass.IN, ttl, in, Name.root);
        if (read instanceof DNSKEYRecord key) {
          return key;
        }
      }
    }
    throw new IOException("there is no DNSKEY record");
  }

  private static PrivateKey secret(int algorithm, byte[] bytes)
      throws GeneralSecurityException, IOException {
    if (algorithm == SigningAlgorithm.ED25519.number()) {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes));
    }
    if (algorithm == SigningAlgorithm.ECDSAP256SHA256.number()) {
      var curve = AlgorithmParameters.getInstance("EC");
      curve.init(new ECGenParameterSpec("secp256r1"));
      return KeyFactory.getInstance("EC")
          .generatePrivate(
              new ECPrivateKeySpec(
                  new BigInteger(1, bytes), curve.getParameterSpec(ECParameterSpec.class)));
    }
    throw new IOException("algorithm " + algorithm + " is neither 13 nor 15");
  }

  /** A private half that is not this public key's would sign what nobody can check. */
  private static void fits(ZoneKey key) throws IOException, GeneralSecurityException {
    var proof = new byte[] {1, 2, 3};
    try {
      var check = java.security.Signature.getInstance(signature(key.algorithm()));
      check.initVerify(key.record().getPublicKey());
      check.update(proof);
      if (!check.verify(key.sign(proof))) {
        throw new IOException("the private half is not that of the DNSKEY record");
      }
    } catch (DNSSEC.DNSSECException e) {
      throw new IOException("the DNSKEY record holds no key: " + e.getMessage(), e);
    }
  }
}
