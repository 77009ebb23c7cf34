package dev.islet.dns.zone;

import java.time.Instant;
import java.time.ZoneOffset;

/** Where the next serial of a changed zone comes from; it is always later (RFC 1982). */
public enum SerialPolicy {
  /** What the master file says; one more for each update. */
  KEEP,
  /** One more for each change, also where the master file was edited without a later serial. */
  INCREMENT,
  /** The seconds since 1970. */
  UNIXTIME,
  /** The day and two digits, like 2026112400, of UTC. */
  DATE;

  /** The serial after one. */
  public long next(long serial, Instant now) {
    long wanted =
        switch (this) {
          case KEEP, INCREMENT -> serial;
          case UNIXTIME -> now.getEpochSecond() & 0xFFFF_FFFFL;
          case DATE -> {
            var day = now.atOffset(ZoneOffset.UTC);
            yield (day.getYear() * 10_000L + day.getMonthValue() * 100 + day.getDayOfMonth()) * 100;
          }
        };
    return Serial.isAfter(wanted, serial) ? wanted : Serial.next(serial);
  }

  /**
   * The serial of a master file that was edited.
   *
   * @param written in the file
   * @param told that others may have
   */
  public long edited(long written, long told, Instant now) {
    return switch (this) {
      case KEEP, INCREMENT -> Serial.isAfter(written, told) ? written : Serial.next(told);
      case UNIXTIME, DATE -> next(Serial.later(written, told), now);
    };
  }

  /** The serial of a master file that was never served before. */
  public long first(long written, Instant now) {
    return this == KEEP || this == INCREMENT ? written : next(written, now);
  }
}
