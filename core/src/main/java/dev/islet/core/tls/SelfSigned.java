package dev.islet.core.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes a certificate that vouches for itself: ECDSA on P-256, X.509 version 3 (RFC 5280), for
 * servers only and never for signing others.
 *
 * <pre>
 * Certificate  ::= { tbsCertificate, ecdsa-with-SHA256, signature }
 * tbsCertificate  version 3 | serial | algorithm | issuer | validity | subject | public key |
 *                 extensions: basicConstraints (critical, not a CA), keyUsage (critical,
 *                 digitalSignature), extKeyUsage (serverAuth), subjectKeyIdentifier,
 *                 subjectAltName
 * </pre>
 */
final class SelfSigned {
  /** What browsers still accept for one certificate. */
  static final Duration VALIDITY = Duration.ofDays(397);

  private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
  private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern DNS =
      Pattern.compile(
          "(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  private SelfSigned() {}

  static KeyPair newKey(SecureRandom random) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  static X509Certificate certificate(
      KeyPair key, List<String> names, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    var algorithm = Der.sequence(Der.oid(ECDSA_SHA256));
    var subject = subject(names.getFirst());
    var spki = key.getPublic().getEncoded();
    var tbs =
        Der.sequence(
            Der.element(0xA0, Der.integer(BigInteger.TWO)),
            Der.integer(serial(random)),
            algorithm,
            subject,
            // A day early: the clocks of a small network are seldom right.
            Der.sequence(
                Der.time(now.minus(Duration.ofDays(1))),
                Der.time(now.minus(Duration.ofDays(1)).plus(VALIDITY))),
            subject,
            spki,
            Der.element(
                0xA3,
                Der.sequence(
                    extension("2.5.29.19", true, Der.sequence()),
                    extension("2.5.29.15", true, Der.bits(7, new byte[] {(byte) 0x80})),
                    extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
                    extension("2.5.29.14", false, Der.octets(keyIdentifier(spki))),
                    extension("2.5.29.17", false, Der.sequence(alternatives(names))))));
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key.getPrivate(), random);
    signer.update(tbs);
    var der = Der.sequence(tbs, algorithm, Der.bits(0, signer.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /**
   * The names in the one form that is compared and encoded: lower case, international names in
   * ASCII.
   *
   * @throws IllegalArgumentException for what is neither a DNS name nor an IP address
   */
  static List<String> normal(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a certificate needs at least one name");
    }
    var normal = new ArrayList<String>();
    for (var name : names) {
      String one;
      if (isAddress(name)) {
        one = address(name).getHostAddress();
      } else {
        boolean wildcard = name.startsWith("*.");
        one =
            (wildcard ? "*." : "")
                + IDN.toASCII(wildcard ? name.substring(2) : name).toLowerCase(Locale.ROOT);
        if (one.length() > 253 || !DNS.matcher(one).matches()) {
          throw new IllegalArgumentException(
              "\"" + name + "\" is neither a DNS name nor an IP address");
        }
      }
      if (!normal.contains(one)) {
        normal.add(one);
      }
    }
    return List.copyOf(normal);
  }

  /** Whether a certificate names exactly these, in any order. */
  static boolean names(X509Certificate certificate, List<String> names) {
    try {
      var there = new TreeSet<String>();
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives == null) {
        return false;
      }
      for (var alternative : alternatives) {
        var value = String.valueOf(alternative.get(1));
        there.add(isAddress(value) ? address(value).getHostAddress() : value);
      }
      return there.equals(new TreeSet<>(names));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] subject(String name) {
    // A common name has at most 64 characters; nobody reads it, the alternative names count.
    var common = name.length() <= 64 ? name : "islet";
    return Der.sequence(
        Der.set(Der.sequence(Der.oid("2.5.4.10"), Der.utf8("Islet"))),
        Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(common))));
  }

  /** 127 random bits, positive and not zero (RFC 5280 section 4.1.2.2). */
  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).setBit(126);
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] keyIdentifier(byte[] spki) throws GeneralSecurityException {
    var hash = MessageDigest.getInstance("SHA-256").digest(spki);
    return java.util.Arrays.copyOf(hash, 20); // RFC 7093 section 2, method 4
  }

  private static byte[][] alternatives(List<String> names) {
    return names.stream()
        .map(
            name ->
                isAddress(name)
                    ? Der.element(0x87, address(name).getAddress())
                    : Der.element(0x82, name.getBytes(StandardCharsets.US_ASCII)))
        .toArray(byte[][]::new);
  }

  private static boolean isAddress(String name) {
    return V4.matcher(name).matches() || V6.matcher(name).matches();
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("\"" + literal + "\" is not an IP address", e);
    }
  }
}
