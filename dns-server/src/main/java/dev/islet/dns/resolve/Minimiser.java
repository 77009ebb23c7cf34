package dev.islet.dns.resolve;

import org.xbill.DNS.Name;

/**
 * How much of a name a server gets to see (RFC 9156 section 2.3): one label more than it is known
 * to serve; after the first few steps more at a time, so that a name of many labels costs no more
 * than ten.
 */
final class Minimiser {
  private static final int MAX_MINIMISE_COUNT = 10;
  private static final int MINIMISE_ONE_LAB = 4;

  private Minimiser() {}

  /**
   * The next name to ask for.
   *
   * @param whole the name wanted in the end
   * @param known an ancestor of it that was asked for already, or the zone
   * @param count how many minimised names were asked for so far
   */
  static Name next(Name whole, Name known, int count) {
    int missing = whole.labels() - known.labels();
    if (missing <= 1 || count >= MAX_MINIMISE_COUNT) {
      return whole;
    }
    int left = MAX_MINIMISE_COUNT - count;
    int add = count < MINIMISE_ONE_LAB ? 1 : Math.max(1, (missing + left - 1) / left);
    int cut = missing - add;
    while (cut > 0 && service(whole, cut)) {
      cut--; // zones do not begin at names like _tcp, and some servers get them wrong
    }
    return cut <= 0 ? whole : new Name(whole, cut);
  }

  private static boolean service(Name name, int label) {
    return name.getLabel(label)[1] == '_';
  }
}
