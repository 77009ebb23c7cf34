package dev.islet.dns.validate;

import java.util.List;
import org.xbill.DNS.DSRecord;

/**
 * What is known of one trust point, to be kept over restarts.
 *
 * @param start the configured anchors that it began from
 * @param keys seen since
 */
public record KeptAnchors(List<DSRecord> start, List<AnchorKey> keys) {
  public KeptAnchors {
    start = List.copyOf(start);
    keys = List.copyOf(keys);
  }
}
