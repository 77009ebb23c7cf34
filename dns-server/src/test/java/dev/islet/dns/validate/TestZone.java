package dev.islet.dns.validate;

import dev.islet.dns.model.RrSet;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

/** A zone with one key, which signs by dnsjava: not by the code that is tested. */
final class TestZone {
  /** What the tests take for now. */
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  final Name name;
  final DNSKEYRecord key;
  private final KeyPair pair;
  Instant from = NOW.minusSeconds(86_400);
  Instant until = NOW.plusSeconds(86_400);

  TestZone(String name) {
    try {
      this.name = Name.fromConstantString(name);
      var maker = KeyPairGenerator.getInstance("EC");
      maker.initialize(new ECGenParameterSpec("secp256r1"));
      this.pair = maker.generateKeyPair();
      this.key = new DNSKEYRecord(this.name, 1, 300, 257, 3, 13, pair.getPublic());
    } catch (GeneralSecurityException | DNSSEC.DNSSECException e) {
      throw new AssertionError(e);
    }
  }

  DSRecord ds() {
    return new DSRecord(name, 1, 300, DSRecord.Digest.SHA256, key);
  }

  /** The set and its signature, as two sets of a section. */
  List<RrSet> signed(Record... records) {
    return List.of(RrSet.of(records), RrSet.of(signature(records)));
  }

  RRSIGRecord signature(Record... records) {
    try {
      return DNSSEC.sign(new RRset(records), key, pair.getPrivate(), from, until);
    } catch (DNSSEC.DNSSECException e) {
      throw new AssertionError(e);
    }
  }

  /** The signature made with the key as it stands in the zone, maybe revoked. */
  RRSIGRecord signedBy(DNSKEYRecord as, List<Record> records) {
    try {
      var set = new RRset(records.toArray(Record[]::new));
      return DNSSEC.sign(set, as, pair.getPrivate(), from, until);
    } catch (DNSSEC.DNSSECException e) {
      throw new AssertionError(e);
    }
  }

  /** What a wildcard's records become at another name. */
  List<RrSet> expanded(Name at, Record... wildcard) {
    var sig = signature(wildcard);
    var moved = new ArrayList<Record>();
    for (var record : wildcard) {
      moved.add(moved(record, at));
    }
    return List.of(RrSet.of(moved), RrSet.of(moved(sig, at)));
  }

  /** A record at another name. */
  static Record moved(Record record, Name at) {
    return Record.newRecord(
        at, record.getType(), 1, record.getTTL(), record.rdataToWireCanonical());
  }
}
