package dev.islet.dns.update;

import dev.islet.dns.zone.Zone;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Names the content of a master file, so that an edit behind our back is seen. */
final class Baseline {
  private Baseline() {}

  /** 32 hex digits over all records in canonical order. */
  static String of(Zone zone) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      zone.records().sorted().map(r -> r.toWire(Section.ANSWER)).forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether two records are the same, TTL included. */
  static boolean same(Record a, Record b) {
    return a.equals(b) && a.getTTL() == b.getTTL();
  }
}
