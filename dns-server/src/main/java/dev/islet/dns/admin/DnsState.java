package dev.islet.dns.admin;

import java.util.List;

/**
 * What {@code /state} shows.
 *
 * @param zones each zone served
 * @param cache what is remembered of others
 * @param underway questions being asked of upstream servers
 * @param connections TCP connections open
 * @param journalBytes of the updates kept
 * @param forwarders whom to ask
 */
public record DnsState(
    List<ZoneState> zones,
    CacheState cache,
    int underway,
    int connections,
    long journalBytes,
    List<String> forwarders) {
  /**
   * One zone.
   *
   * @param names with records
   * @param records in all
   * @param updatable whether somebody may change it
   */
  public record ZoneState(String zone, long serial, int names, long records, boolean updatable) {}

  /** The cache in numbers. */
  public record CacheState(int entries, long bytes, long evicted) {}
}
