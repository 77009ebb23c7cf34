package dev.islet.dns.model;

/**
 * The algorithms that zones are signed with: those that RFC 9904 recommends for signing, both with
 * keys of 256 bits and signatures of 64 bytes.
 */
public enum SigningAlgorithm {
  /** RFC 6605. */
  ECDSAP256SHA256(13),
  /** RFC 8080. */
  ED25519(15);

  private final int number;

  SigningAlgorithm(int number) {
    this.number = number;
  }

  /** The number in DNSKEY, DS and RRSIG records. */
  public int number() {
    return number;
  }
}
