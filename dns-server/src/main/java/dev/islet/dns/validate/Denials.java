package dev.islet.dns.validate;

import java.util.List;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** The denials of one zone that came with an answer, all with good signatures. */
final class Denials {
  private final NsecDenials nsec;
  private final Nsec3Denials nsec3;

  Denials(Name zone, List<? extends Record> records, Budget budget) {
    this.nsec =
        new NsecDenials(
            zone,
            records.stream()
                .filter(r -> r instanceof NSECRecord)
                .map(r -> (NSECRecord) r)
                .toList());
    this.nsec3 =
        new Nsec3Denials(
            zone,
            records.stream()
                .filter(r -> r instanceof NSEC3Record)
                .map(r -> (NSEC3Record) r)
                .toList(),
            budget);
  }

  /** That there is no such name, and no wildcard for it (RFC 4035 section 5.4). */
  Proven noName(Name name) {
    return nsec.noName(name) ? Proven.YES : nsec3.noName(name);
  }

  /** That there is no such type at the name, or at the wildcard for it. */
  Proven noData(Name name, int type) {
    return nsec.noData(name, type) ? Proven.YES : nsec3.noData(name, type);
  }

  /** That a wildcard right below the encloser is the closest match to a name. */
  Proven nothingCloser(Name name, Name encloser) {
    return nsec.nothingCloser(name, encloser) ? Proven.YES : nsec3.nothingCloser(name, encloser);
  }

  /** What is at a name that has no DS set. */
  Cut cut(Name name) {
    var said = nsec.cut(name);
    return said == Cut.UNPROVEN ? nsec3.cut(name) : said;
  }
}
