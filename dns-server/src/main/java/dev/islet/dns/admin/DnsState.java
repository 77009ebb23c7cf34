package dev.islet.dns.admin;

import dev.islet.dns.queries.QueryStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code /state} shows.
 *
 * @param zones each zone served
 * @param cache what is remembered of others
 * @param underway questions being asked of upstream servers
 * @param connections TCP connections open
 * @param journalBytes of the updates kept
 * @param forwarders whom to ask
 * @param signingKeys of zones that we sign
 * @param lists of the filter
 * @param queries what was asked, if it is counted
 * @param secondaries zones that come from other servers
 * @param trustAnchors where validation begins
 * @param signatures forwarders that were found to give signatures, or to keep them back
 */
public record DnsState(
    List<ZoneState> zones,
    CacheState cache,
    int underway,
    int connections,
    long journalBytes,
    List<String> forwarders,
    List<SigningKey> signingKeys,
    List<ListState> lists,
    Optional<QueryStatistics.Snapshot> queries,
    List<SecondaryState> secondaries,
    List<TrustAnchor> trustAnchors,
    Map<String, Boolean> signatures) {
  /**
   * A key where validation begins.
   *
   * @param phase {@code CONFIGURED} if it was never seen, else as RFC 5011 section 4.2 names it
   */
  public record TrustAnchor(String zone, int tag, String phase, Optional<Instant> since) {}

  /**
   * A zone that comes from other servers.
   *
   * @param serial that we have; 0 without a copy
   * @param served whether there is a copy that is not too old
   * @param ageSeconds since a primary last said that it is current
   * @param failures rounds through all primaries since then without an answer
   */
  public record SecondaryState(
      String zone, long serial, boolean served, long ageSeconds, int failures) {}

  /**
   * One list of names.
   *
   * @param bytes of its compiled form
   * @param skipped lines that are not taken
   * @param notes why, as {@code reason: lines}
   */
  public record ListState(String list, int rules, long bytes, int skipped, List<String> notes) {}

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

  /**
   * A key of a zone that we sign.
   *
   * @param tag the number that records name it by
   * @param phase where it is in its life, since when
   * @param parentHas whether the parent is known to have its DS record
   * @param ds the record that the parent should have, if it is a secure entry point
   */
  public record SigningKey(
      String zone,
      int tag,
      int algorithm,
      String role,
      String phase,
      Instant since,
      boolean parentHas,
      Optional<String> ds) {}
}
