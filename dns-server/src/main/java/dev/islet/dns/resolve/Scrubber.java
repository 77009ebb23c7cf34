package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Keeps of an upstream's message what answers our question, and nothing it says besides (RFC 5452
 * section 6): the chain of aliases that begins at the name asked, the set at its end, their
 * signatures if wanted, for a negative answer the SOA of a zone above that end, and the signed
 * denials of zones that a name of the chain lies in: of what is not there, and of what would be
 * closer than a wildcard.
 */
final class Scrubber {
  private static final int MAX_ALIASES = 16;

  private record Owner(Name name, int type) {}

  private Scrubber() {}

  /** The clean answer; empty if the message cannot be read or contradicts itself. */
  static Optional<Answer> clean(byte[] bytes, Question question, boolean dnssecOk) {
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException | RuntimeException e) {
      // dnsjava checks some values only in constructors, which throw unchecked
      return Optional.empty();
    }
    var sets = grouped(message.getSection(Section.ANSWER), question);
    var chosen = new ArrayList<RrSet>();
    var name = question.name();
    var names = new ArrayList<Name>();
    boolean found = false;
    for (int hops = 0; hops <= MAX_ALIASES; hops++) {
      names.add(name);
      var wanted = wanted(sets, name, question.type());
      if (!wanted.isEmpty()) {
        boolean made = question.type() == Type.CNAME && underDname(sets, name);
        if (made) {
          step(chosen, sets, name, dnssecOk); // the alias is worth nothing without what makes it
        } else {
          wanted.forEach(set -> keep(chosen, set, sets, dnssecOk));
        }
        found = true;
        break;
      }
      var next = step(chosen, sets, name, dnssecOk);
      if (next.isEmpty() || hops == MAX_ALIASES) {
        break;
      }
      name = next.get();
    }
    int rcode = message.getRcode();
    if (found && rcode == Rcode.NXDOMAIN) {
      return Optional.empty();
    }
    var said = message.getSection(Section.AUTHORITY);
    var authority = new ArrayList<RrSet>();
    if (!found) {
      soa(said, name).ifPresent(authority::add);
    }
    if (dnssecOk) {
      authority.addAll(proofs(said, authority, names));
    }
    return Optional.of(
        new Answer(rcode, false, chosen, authority, List.of(), false, Optional.empty()));
  }

  private static List<RrSet> wanted(Map<Owner, RrSet> sets, Name name, int type) {
    if (type == Type.ANY) {
      return sets.values().stream().filter(s -> s.name().equals(name)).toList();
    }
    var set = sets.get(new Owner(name, type));
    return set == null ? List.of() : List.of(set);
  }

  private static boolean underDname(Map<Owner, RrSet> sets, Name name) {
    for (int up = 1; up < name.labels(); up++) {
      if (sets.containsKey(new Owner(new Name(name, up), Type.DNAME))) {
        return true;
      }
    }
    return false;
  }

  /** Follows the alias at a name or the DNAME above it; the next name. */
  private static Optional<Name> step(
      List<RrSet> chosen, Map<Owner, RrSet> sets, Name name, boolean dnssecOk) {
    var cname = sets.get(new Owner(name, Type.CNAME));
    Name next = null;
    for (int up = 1; up < name.labels(); up++) {
      var dname = sets.get(new Owner(new Name(name, up), Type.DNAME));
      if (dname != null) {
        keep(chosen, dname, sets, dnssecOk);
        try {
          next = name.fromDNAME((DNAMERecord) dname.records().getFirst());
        } catch (NameTooLongException e) {
          return Optional.empty();
        }
        chosen.add(RrSet.of(new CNAMERecord(name, 1, dname.ttl(), next)));
        return Optional.of(next);
      }
    }
    if (cname != null) {
      keep(chosen, cname, sets, dnssecOk);
      next = ((CNAMERecord) cname.records().getFirst()).getTarget();
    }
    return Optional.ofNullable(next);
  }

  private static void keep(
      List<RrSet> chosen, RrSet set, Map<Owner, RrSet> sets, boolean dnssecOk) {
    if (chosen.contains(set)) {
      return;
    }
    chosen.add(set);
    var signatures = sets.get(new Owner(set.name(), Type.RRSIG));
    if (dnssecOk && signatures != null) {
      signatures(signatures, set.type()).ifPresent(chosen::add);
    }
  }

  private static Optional<RrSet> signatures(RrSet all, int covered) {
    var records =
        all.records().stream()
            .filter(r -> r instanceof RRSIGRecord sig && sig.getTypeCovered() == covered)
            .toList();
    return records.isEmpty() ? Optional.empty() : Optional.of(RrSet.of(records));
  }

  /** The SOA of a zone that the name lies in. */
  private static Optional<RrSet> soa(List<Record> authority, Name name) {
    return authority.stream()
        .filter(r -> r.getType() == Type.SOA && name.subdomain(r.getName()))
        .findFirst()
        .map(RrSet::of);
  }

  /** The signatures of the SOA, and denials with theirs by a zone that one of the names lies in. */
  private static List<RrSet> proofs(List<Record> authority, List<RrSet> soa, List<Name> names) {
    var signatures = new LinkedHashMap<Owner, List<Record>>();
    for (var record : authority) {
      if (record instanceof RRSIGRecord sig
          && sig.getName().subdomain(sig.getSigner())
          && names.stream().anyMatch(n -> n.subdomain(sig.getSigner()))) {
        var owner = new Owner(sig.getName(), sig.getTypeCovered());
        signatures.computeIfAbsent(owner, o -> new ArrayList<>()).add(sig);
      }
    }
    var denials = new LinkedHashMap<Owner, List<Record>>();
    for (var record : authority) {
      var owner = new Owner(record.getName(), record.getType());
      boolean denial = record.getType() == Type.NSEC || record.getType() == Type.NSEC3;
      if (denial && signatures.containsKey(owner)) {
        denials.computeIfAbsent(owner, o -> new ArrayList<>()).add(record);
      }
    }
    var sets = new ArrayList<RrSet>();
    for (var set : soa) {
      var by = signatures.get(new Owner(set.name(), Type.SOA));
      if (by != null) {
        sets.add(RrSet.of(by));
      }
    }
    denials.forEach(
        (owner, records) -> {
          sets.add(RrSet.of(records));
          sets.add(RrSet.of(Objects.requireNonNull(signatures.get(owner))));
        });
    return sets;
  }

  private static Map<Owner, RrSet> grouped(List<Record> records, Question question) {
    var groups = new LinkedHashMap<Owner, List<Record>>();
    for (var record : records) {
      if (record.getDClass() == question.dclass()) {
        groups
            .computeIfAbsent(new Owner(record.getName(), record.getType()), o -> new ArrayList<>())
            .add(record);
      }
    }
    var sets = new LinkedHashMap<Owner, RrSet>();
    groups.forEach((owner, group) -> sets.put(owner, RrSet.of(group)));
    return sets;
  }
}
