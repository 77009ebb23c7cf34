package dev.islet.dns.chain;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.Rcode;

/**
 * How aliases of ours lead to the name that is asked of others.
 *
 * @param aliases with their signatures, for somebody who wants them
 * @param proofs that no name is closer than the wildcards that made them (RFC 4035 section 3.1.3.3)
 */
public record Way(List<RrSet> aliases, List<RrSet> proofs) {
  /** The name is the one in the question. */
  public static final Way NONE = new Way(List.of(), List.of());

  public Way {
    aliases = List.copyOf(aliases);
    proofs = List.copyOf(proofs);
  }

  /** One alias further. */
  Way and(RrSet alias) {
    var all = new ArrayList<>(aliases);
    all.add(alias);
    return new Way(all, proofs);
  }

  /** An answer for the name at the end; a refusal there still leaves the aliases useful. */
  Answer to(Answer answer) {
    if (aliases.isEmpty()) {
      return answer;
    }
    var end = answer.rcode() == Rcode.REFUSED ? Answer.of(List.of(), true) : answer;
    var whole = end.after(aliases, true);
    return proofs.isEmpty()
        ? whole
        : whole.saying(
            whole.answer(),
            Stream.concat(whole.authority().stream(), proofs.stream()).toList(),
            whole.additional());
  }
}
