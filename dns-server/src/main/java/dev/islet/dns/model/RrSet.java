package dev.islet.dns.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * All records of one name and type, with the one TTL they share (RFC 2181 section 5).
 *
 * @param name owner
 * @param type of every record in it
 * @param ttl seconds, 0 to 2^31-1
 * @param records at least one, without doubles
 */
public record RrSet(Name name, int type, long ttl, List<Record> records) {
  /** RFC 2181 section 8: a TTL with the highest bit set means 0. */
  public static final long MAX_TTL = Integer.MAX_VALUE;

  public RrSet {
    records = List.copyOf(records);
    if (records.isEmpty()) {
      throw new IllegalArgumentException("a set without records at " + name);
    }
    if (ttl < 0 || ttl > MAX_TTL) {
      ttl = 0;
    }
  }

  /** The set of some records of one owner and type; the lowest TTL counts. */
  public static RrSet of(Record... records) {
    return of(Arrays.asList(records));
  }

  /** The set of some records of one owner and type; the lowest TTL counts. */
  public static RrSet of(List<Record> records) {
    long ttl = MAX_TTL;
    var distinct = new ArrayList<Record>(records.size());
    for (var record : records) {
      ttl = Math.min(ttl, record.getTTL() > MAX_TTL ? 0 : record.getTTL());
      if (!distinct.contains(record)) {
        distinct.add(record);
      }
    }
    var first = records.getFirst();
    return new RrSet(first.getName(), first.getType(), ttl, distinct);
  }

  /** The same data at another owner: how a wildcard answers (RFC 4592). */
  public RrSet at(Name owner) {
    return new RrSet(owner, type, ttl, records);
  }

  /** The same records with another TTL. */
  public RrSet withTtl(long seconds) {
    return seconds == ttl ? this : new RrSet(name, type, seconds, records);
  }

  /** How many records. */
  public int size() {
    return records.size();
  }
}
