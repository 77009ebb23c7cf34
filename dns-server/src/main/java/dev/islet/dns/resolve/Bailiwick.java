package dev.islet.dns.resolve;

import dev.islet.dns.infra.Delegation;
import dev.islet.dns.infra.Delegations;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads a name server's reply as that of a server of one zone: nothing outside the zone is looked
 * at, whatever it says (RFC 2181 section 5.4.1, RFC 5452 section 6). Of an answer only the set
 * asked for is taken, or the first alias; what it says about an alias's target is not, since the
 * target's own zone is asked.
 */
final class Bailiwick {
  /** A larger set is work without an end. */
  private static final int MAX_SET = 256;

  private record Owner(Name name, int type) {}

  /**
   * A reply and what it means.
   *
   * @param authoritative the AA bit
   * @param dropped records outside the zone
   */
  record Read(Reading reading, boolean authoritative, int dropped) {
    /** In words, for the trace. */
    String why() {
      return reading.why()
          + (authoritative || reading instanceof Reading.Referral ? "" : ", without authority")
          + (dropped == 0
              ? ""
              : ", " + dropped + " records out of bailiwick ignored (RFC 5452 section 6)");
    }
  }

  private final Message message;
  private final Name zone;
  private final Question asked;
  private final boolean dnssecOk;
  private final long now;
  private int dropped;

  private Bailiwick(Message message, Name zone, Question asked, boolean dnssecOk, long now) {
    this.message = message;
    this.zone = zone;
    this.asked = asked;
    this.dnssecOk = dnssecOk;
    this.now = now;
  }

  /** Reads a message whose id, question and source are right. */
  static Read read(byte[] bytes, Name zone, Question asked, boolean dnssecOk, long now) {
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException | RuntimeException e) {
      // dnsjava checks some values only in constructors, which throw unchecked
      return new Read(new Reading.Broken("malformed: " + e.getMessage()), false, 0);
    }
    var reader = new Bailiwick(message, zone, asked, dnssecOk, now);
    var reading = reader.reading();
    return new Read(reading, message.getHeader().getFlag(Flags.AA), reader.dropped);
  }

  /** Servers of the zone itself with their addresses: what priming brings (RFC 8109 section 4). */
  static Delegation own(byte[] bytes, List<RrSet> servers, long now) {
    try {
      var set = servers.getFirst();
      var question = new Question(set.name(), Type.NS, 1);
      var reader = new Bailiwick(new Message(bytes), set.name(), question, false, now);
      return reader.delegation(set);
    } catch (IOException e) {
      throw new IllegalStateException("a message that was read cannot be read again", e);
    }
  }

  private Reading reading() {
    int rcode = message.getRcode();
    var answer = groups(Section.ANSWER);
    var authority = groups(Section.AUTHORITY);
    for (var groups : List.of(answer, authority)) {
      for (var entry : groups.entrySet()) {
        if (entry.getValue().size() > MAX_SET) {
          return new Reading.Broken("more than " + MAX_SET + " records in a set");
        }
      }
    }
    for (int up = 1; up < asked.name().labels(); up++) {
      var above = new Name(asked.name(), up);
      if (!above.subdomain(zone)) {
        break;
      }
      var dname = answer.get(new Owner(above, Type.DNAME));
      if (dname != null) {
        return dname.size() > 1
            ? new Reading.Broken("two DNAMEs at a name (RFC 6672 section 2.4)")
            : new Reading.Alias(signed(dname, answer), above, true, proofs(authority));
      }
    }
    var wanted = answer.get(new Owner(asked.name(), asked.type()));
    if (wanted != null) {
      return rcode == Rcode.NOERROR
          ? new Reading.Data(signed(wanted, answer), proofs(authority))
          : new Reading.Broken("data with " + Rcode.string(rcode));
    }
    var cname = answer.get(new Owner(asked.name(), Type.CNAME));
    if (cname != null) {
      return cname.size() > 1
          ? new Reading.Broken("two CNAMEs at a name (RFC 2181 section 10.1)")
          : new Reading.Alias(signed(cname, answer), asked.name(), false, proofs(authority));
    }
    return without(rcode, authority);
  }

  /** No answer: a denial, a referral, or a server that does not know. */
  private Reading without(int rcode, Map<Owner, List<Record>> authority) {
    boolean aa = message.getHeader().getFlag(Flags.AA);
    var soa = closest(authority, Type.SOA);
    if (rcode == Rcode.NXDOMAIN) {
      return aa || soa != null
          ? new Reading.Nothing(rcode, denial(soa, authority))
          : new Reading.Lame("does not exist, says a server that has no authority");
    }
    if (rcode != Rcode.NOERROR) {
      return new Reading.Broken(Rcode.string(rcode) + " without a reason");
    }
    var servers = closest(authority, Type.NS);
    if (soa == null && servers != null && !servers.getFirst().getName().equals(zone)) {
      boolean parents =
          asked.type() == Type.DS && servers.getFirst().getName().equals(asked.name());
      return parents
          ? new Reading.Lame("refers to the child for its DS (RFC 4035 section 3.1.4.1)")
          : new Reading.Referral(delegation(RrSet.of(servers)));
    }
    if (soa == null && !aa) {
      boolean refers =
          message.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS);
      return new Reading.Lame(
          refers ? "refers to where we come from, or out of its zone" : "knows nothing");
    }
    return new Reading.Nothing(rcode, denial(soa, authority));
  }

  /** The set of a type whose owner is the lowest above or at the name asked for. */
  private @org.jspecify.annotations.Nullable List<Record> closest(
      Map<Owner, List<Record>> groups, int type) {
    List<Record> best = null;
    for (var entry : groups.entrySet()) {
      var owner = entry.getKey();
      if (owner.type() == type
          && asked.name().subdomain(owner.name())
          && (best == null || owner.name().labels() > best.getFirst().getName().labels())) {
        best = entry.getValue();
      }
    }
    return best;
  }

  private Delegation delegation(RrSet servers) {
    var glue = new LinkedHashMap<Name, List<InetAddress>>();
    for (var record : servers.records()) {
      if (record instanceof NSRecord ns) {
        glue.put(ns.getTarget(), new ArrayList<>());
      }
    }
    for (var record : message.getSection(Section.ADDITIONAL)) {
      var addresses = glue.get(record.getName());
      if (addresses != null) {
        if (!record.getName().subdomain(zone)) {
          dropped++;
        } else if (record instanceof ARecord a) {
          addresses.add(a.getAddress());
        } else if (record instanceof AAAARecord aaaa) {
          addresses.add(aaaa.getAddress());
        }
      }
    }
    return new Delegation(servers.name(), glue, Delegations.dies(now, servers.ttl()));
  }

  private List<RrSet> denial(
      @org.jspecify.annotations.Nullable List<Record> soa, Map<Owner, List<Record>> authority) {
    if (soa == null) {
      return List.of();
    }
    var sets = new ArrayList<RrSet>(signed(soa, authority));
    sets.addAll(proofs(authority));
    return sets;
  }

  /** NSEC and NSEC3 with their signatures, if those are wanted. */
  private List<RrSet> proofs(Map<Owner, List<Record>> authority) {
    if (!dnssecOk) {
      return List.of();
    }
    var sets = new ArrayList<RrSet>();
    authority.forEach(
        (owner, records) -> {
          if (owner.type() == Type.NSEC || owner.type() == Type.NSEC3) {
            sets.addAll(signed(records, authority));
          }
        });
    return sets;
  }

  private List<RrSet> signed(List<Record> records, Map<Owner, List<Record>> groups) {
    var set = inAskersCase(RrSet.of(records));
    var all = groups.get(new Owner(set.name(), Type.RRSIG));
    if (!dnssecOk || all == null || set.type() == Type.RRSIG) {
      return List.of(set);
    }
    var covering =
        all.stream()
            .filter(r -> r instanceof RRSIGRecord sig && sig.getTypeCovered() == set.type())
            .toList();
    return covering.isEmpty() ? List.of(set) : List.of(set, inAskersCase(RrSet.of(covering)));
  }

  private RrSet inAskersCase(RrSet set) {
    return set.name().equals(asked.name()) ? set.at(asked.name()) : set;
  }

  private Map<Owner, List<Record>> groups(int section) {
    var groups = new LinkedHashMap<Owner, List<Record>>();
    for (var record : message.getSection(section)) {
      if (record.getDClass() != asked.dclass() || !record.getName().subdomain(zone)) {
        dropped++;
        continue;
      }
      groups
          .computeIfAbsent(new Owner(record.getName(), record.getType()), o -> new ArrayList<>())
          .add(record);
    }
    return groups;
  }
}
