package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.xbill.DNS.Record;

/**
 * Tells whether two zones hold the same records with the same TTLs: the sum of a hash of each. So
 * it follows a difference without a look at the rest of the zone. It is no protection from somebody
 * who chooses the records.
 *
 * @param high first half of the sum
 * @param low second half
 */
public record Digest(long high, long low) {
  private static final Digest NOTHING = new Digest(0, 0);

  /** Of all records of a zone. */
  public static Digest of(Zone zone) {
    var digest = sha();
    var sum = NOTHING;
    for (var set : (Iterable<dev.islet.dns.model.RrSet>) zone.sets()::iterator) {
      for (var record : Difference.records(set)) {
        sum = sum.plus(1, digest, record);
      }
    }
    return sum;
  }

  /** Of the zone that a difference leads to from the one that this is of. */
  public Digest after(Difference step) {
    var digest = sha();
    var sum = plus(-1, digest, step.from()).plus(1, digest, step.to());
    for (var record : step.removed()) {
      sum = sum.plus(-1, digest, record);
    }
    for (var record : step.added()) {
      sum = sum.plus(1, digest, record);
    }
    return sum;
  }

  private Digest plus(int sign, MessageDigest digest, Record record) {
    var hash = ByteBuffer.wrap(digest.digest(record.toWireCanonical()));
    return new Digest(high + sign * hash.getLong(), low + sign * hash.getLong());
  }

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
