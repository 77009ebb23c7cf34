package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * An alias that an answer begins with.
 *
 * @param target the question that it leads to
 * @param sets the CNAME, or the DNAME with the CNAME made of it (RFC 6672 section 3.1)
 * @param proofs denials that came with it
 */
record Link(CacheKey target, List<RrSet> sets, List<RrSet> proofs) {
  /** The link of a name; empty if the DNAME makes too long a name (RFC 6672 section 2.2). */
  static Optional<Link> of(CacheKey key, Reading.Alias found) {
    var question = key.question();
    var sets = new ArrayList<>(found.sets());
    var first = found.sets().getFirst();
    Name to;
    if (first.records().getFirst() instanceof DNAMERecord dname) {
      try {
        to = question.name().fromDNAME(dname);
      } catch (NameTooLongException e) {
        return Optional.empty();
      }
      sets.add(RrSet.of(new CNAMERecord(question.name(), question.dclass(), first.ttl(), to)));
    } else {
      to = ((CNAMERecord) first.records().getFirst()).getTarget();
    }
    var target = new CacheKey(question.at(to), key.dnssecOk(), key.checkingDisabled());
    return Optional.of(new Link(target, sets, found.proofs()));
  }

  /** The alias alone. */
  Answer alone() {
    return joined(Answer.of(Rcode.NOERROR));
  }

  /** The alias with what its target's own zone said. */
  Answer joined(Answer end) {
    var answer = new ArrayList<>(sets);
    answer.addAll(end.answer());
    var authority = new ArrayList<>(proofs);
    authority.addAll(end.authority());
    return new Answer(end.rcode(), false, answer, authority, List.of(), false, Optional.empty());
  }

  /** How many aliases an answer has. */
  static long count(Answer answer) {
    return answer.answer().stream().filter(s -> s.type() == Type.CNAME).count();
  }
}
