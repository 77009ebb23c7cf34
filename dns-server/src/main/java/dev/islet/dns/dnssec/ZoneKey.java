package dev.islet.dns.dnssec;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import org.xbill.DNS.DNSKEYRecord;

/**
 * A key pair of a zone.
 *
 * @param record its public half
 * @param secret its private half
 */
public record ZoneKey(DNSKEYRecord record, PrivateKey secret) {
  /** The number that RRSIG and DS records name it by (RFC 4034 appendix B). */
  public int tag() {
    return record.getFootprint();
  }

  /** The number of its algorithm. */
  public int algorithm() {
    return record.getAlgorithm();
  }

  /** A signature of some bytes, as an RRSIG record holds it (RFC 6605, RFC 8080). */
  byte[] sign(byte[] data) {
    try {
      var signature = Signature.getInstance(KeyText.signature(algorithm()));
      signature.initSign(secret);
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key " + tag() + " cannot sign", e);
    }
  }

  /** Never shows the private half. */
  @Override
  public String toString() {
    return record.getName() + "+" + algorithm() + "+" + tag();
  }
}
