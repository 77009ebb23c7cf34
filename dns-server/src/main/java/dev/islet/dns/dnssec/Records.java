package dev.islet.dns.dnssec;

import org.xbill.DNS.CDNSKEYRecord;
import org.xbill.DNS.CDSRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;

/** The records that tell of a key. */
final class Records {
  private Records() {}

  static DNSKEYRecord at(DNSKEYRecord key, long ttl) {
    return new DNSKEYRecord(
        key.getName(),
        DClass.IN,
        ttl,
        key.getFlags(),
        key.getProtocol(),
        key.getAlgorithm(),
        key.getKey());
  }

  /** What the parent should have, with SHA-256 as RFC 9904 wants. */
  static DSRecord ds(DNSKEYRecord key, long ttl) {
    return new DSRecord(key.getName(), DClass.IN, ttl, DSRecord.SHA256_DIGEST_ID, key);
  }

  static CDSRecord cds(DNSKEYRecord key, long ttl) {
    var ds = ds(key, ttl);
    return new CDSRecord(
        key.getName(),
        DClass.IN,
        ttl,
        ds.getFootprint(),
        ds.getAlgorithm(),
        ds.getDigestID(),
        ds.getDigest());
  }

  static CDNSKEYRecord cdnskey(DNSKEYRecord key, long ttl) {
    return new CDNSKEYRecord(
        key.getName(),
        DClass.IN,
        ttl,
        key.getFlags(),
        key.getProtocol(),
        key.getAlgorithm(),
        key.getKey());
  }
}
