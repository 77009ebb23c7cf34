package dev.islet.dns.update;

import dev.islet.dns.zone.Zone;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Names the content of a master file, so that an edit behind our back is seen. */
final class Baseline {
  private Baseline() {}

  /** 32 hex digits over all records in any order: the sum of what each of them hashes to. */
  static String of(Zone zone) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      long high = 0;
      long low = 0;
      for (var records = zone.records().iterator(); records.hasNext(); ) {
        var hash = ByteBuffer.wrap(digest.digest(records.next().toWire(Section.ANSWER)));
        high += hash.getLong();
        low += hash.getLong();
      }
      return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether two records are the same, TTL included. */
  static boolean same(Record a, Record b) {
    return a.equals(b) && a.getTTL() == b.getTTL();
  }
}
