package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.xbill.DNS.AFSDBRecord;
import org.xbill.DNS.KXRecord;
import org.xbill.DNS.MBRecord;
import org.xbill.DNS.MDRecord;
import org.xbill.DNS.MFRecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Type;

/**
 * What the asker will want next: the sets that each type of record sends one to, as far as our
 * zones hold them. Taken where they lie, below a delegation too; wildcards and aliases make none.
 */
public final class Additional {
  /** How far a chain of SVCB records in alias mode is followed (RFC 9460 section 4.2). */
  private static final int MAX_ALIASES = 8;

  private static final int[] ADDRESSES = {Type.A, Type.AAAA};

  private final Zones zones;
  private final List<RrSet> known;
  private final Set<RrSet> found = new LinkedHashSet<>();

  private Additional(Zones zones, List<RrSet> known) {
    this.zones = zones;
    this.known = known;
  }

  /**
   * The additional sets of these, without what they hold themselves.
   *
   * @param known in the answer or the authority section
   */
  public static List<RrSet> of(Zones zones, List<RrSet> known) {
    var wanted = new Additional(zones, known);
    for (var set : known) {
      for (var record : set.records()) {
        wanted.follow(set.name(), record, 0);
      }
    }
    return new ArrayList<>(wanted.found);
  }

  private void follow(Name owner, Record record, int depth) {
    switch (record) {
      case NSRecord ns -> add(ns.getTarget(), ADDRESSES);
      case MXRecord mx -> add(mx.getTarget(), ADDRESSES);
      case SRVRecord srv -> add(srv.getTarget(), ADDRESSES);
      case AFSDBRecord afsdb -> add(afsdb.getHost(), ADDRESSES); // RFC 1183 section 1
      case RTRecord rt -> // RFC 1183 section 3.3
          add(rt.getIntermediateHost(), Type.A, Type.AAAA, Type.X25, Type.ISDN);
      case KXRecord kx -> add(kx.getTarget(), ADDRESSES); // RFC 2230 section 3.1
      case MBRecord mb -> add(mb.getMailbox(), ADDRESSES); // RFC 1035 section 3.3.3
      case MDRecord md -> add(md.getMailAgent(), ADDRESSES);
      case MFRecord mf -> add(mf.getMailAgent(), ADDRESSES);
      case NAPTRRecord naptr -> naptr(naptr);
      case SVCBBase svcb -> service(owner, svcb, depth);
      default -> {}
    }
  }

  /** The flags tell what the replacement is to be asked for (RFC 3403 section 4.1, RFC 3404). */
  private void naptr(NAPTRRecord naptr) {
    switch (naptr.getFlags().toUpperCase(Locale.ROOT)) {
      case "S" -> add(naptr.getReplacement(), Type.SRV);
      case "A" -> add(naptr.getReplacement(), ADDRESSES);
      default -> {}
    }
  }

  /** RFC 9460 section 4.1; a target of "." is the owner itself, or no service at all. */
  private void service(Name owner, SVCBBase svcb, int depth) {
    boolean alias = svcb.getSvcPriority() == 0;
    boolean here = svcb.getTargetName().equals(Name.root);
    if (alias && here) {
      return;
    }
    var target = here ? owner : svcb.getTargetName();
    add(target, ADDRESSES);
    if (!alias || depth >= MAX_ALIASES) {
      return;
    }
    int type = svcb.getType();
    zones
        .find(target, type)
        .flatMap(z -> z.at(target, type))
        .filter(s -> !known.contains(s) && found.add(s))
        .ifPresent(s -> s.records().forEach(r -> follow(target, r, depth + 1)));
  }

  private void add(Name host, int... types) {
    for (int type : types) {
      zones
          .find(host, type)
          .flatMap(z -> z.at(host, type))
          .filter(s -> !known.contains(s))
          .ifPresent(found::add);
    }
  }
}
