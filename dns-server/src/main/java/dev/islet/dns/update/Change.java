package dev.islet.dns.update;

import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * What a zone has more and less than its master file: one accepted update, or the sum of several.
 *
 * @param zone its origin
 * @param base names the content of the master file it was made over; see {@link Baseline}
 * @param serial of the zone after it
 * @param removed records taken away, the TTL does not matter
 * @param added records put in, with their TTLs; an SOA record replaces the one that is there
 */
public record Change(
    Name zone, String base, long serial, List<Record> removed, List<Record> added) {
  public Change {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }
}
