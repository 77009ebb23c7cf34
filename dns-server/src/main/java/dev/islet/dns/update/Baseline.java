package dev.islet.dns.update;

import dev.islet.dns.zone.Zone;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names the content of a master file, so that an edit behind our back is seen. Only zones that are
 * updated need it, so a zone is read for it when it is first asked for. Not thread-safe.
 */
final class Baseline {
  private final Zone zone;
  private @Nullable String text;

  Baseline(Zone zone) {
    this.zone = zone;
  }

  /** 32 hex digits over all records in any order: the sum of what each of them hashes to. */
  String text() {
    var known = text;
    if (known == null) {
      known = sum(zone);
      text = known;
    }
    return known;
  }

  private static String sum(Zone zone) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var sums = new long[2];
      zone.wire(
          record -> {
            var hash = ByteBuffer.wrap(digest.digest(record));
            sums[0] += hash.getLong();
            sums[1] += hash.getLong();
          });
      return HexFormat.of().toHexDigits(sums[0]) + HexFormat.of().toHexDigits(sums[1]);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
