package dev.islet.dns.validate;

import dev.islet.dns.model.ExtendedError;
import java.util.List;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Name;

/** What is known of a name as a zone. */
sealed interface ZoneKeys {
  /** Until when, in nanoseconds. */
  long until();

  /** A zone with keys that lead back to a trust anchor. */
  record Secure(Name zone, List<DNSKEYRecord> keys, long until) implements ZoneKeys {}

  /** A zone that provably has no keys that could be checked, or that is not to be checked. */
  record Insecure(ExtendedError why, long until) implements ZoneKeys {}

  /** A zone whose keys should be there but could not be found true. */
  record Bogus(ExtendedError why, long until) implements ZoneKeys {}

  /**
   * No zone begins here.
   *
   * @param exists false if the name is not there, and so nothing below it
   */
  record NoCut(boolean exists, long until) implements ZoneKeys {}
}
