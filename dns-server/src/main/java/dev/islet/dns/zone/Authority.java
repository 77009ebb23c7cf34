package dev.islet.dns.zone;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Answers from zones of ours, exactly as RFC 1034 section 4.3.2 and its amendments want it.
 *
 * <p>The response code and the authority section are those of the last name of a chain of aliases,
 * the AA bit is that of the first (RFC 2308 section 2.1, RFC 6604).
 */
public final class Authority {
  /** How many aliases one answer may have; a loop ends here, or when a name comes again. */
  public static final int MAX_ALIASES = 16;

  private Authority() {}

  /**
   * An answer, or the beginning of one.
   *
   * @param answer complete, unless {@code onward}
   * @param onward where the chain of aliases leaves our zones: the rest is for a resolver
   * @param walk the steps that led to it
   */
  public record Reply(Answer answer, Optional<Name> onward, List<Walked> walk) {}

  /** A name that was looked for in a zone, and what was found: what a proof must prove. */
  public record Walked(Zone zone, Name name, Zone.Found found) {}

  /**
   * Answers a question whose name lies in one of the zones; empty if it lies in none.
   *
   * @param minimalAny whether ANY is answered with a single set (RFC 8482 section 4.1)
   */
  public static Optional<Reply> answer(Zones zones, Question question, boolean minimalAny) {
    var first = zones.find(question.name(), question.type());
    return first.map(zone -> new Chase(zones, question, minimalAny).run(zone));
  }

  private static final class Chase {
    private final Zones zones;
    private final int type;
    private final boolean minimalAny;
    private final List<RrSet> chain = new ArrayList<>();
    private final List<Walked> walk = new ArrayList<>();
    private final Set<Name> seen = new LinkedHashSet<>();
    private Name name;

    Chase(Zones zones, Question question, boolean minimalAny) {
      this.zones = zones;
      this.name = question.name();
      this.type = question.type();
      this.minimalAny = minimalAny;
    }

    Reply run(Zone first) {
      var zone = first;
      while (true) {
        if (!seen.add(name)) {
          return endless("the aliases go in a circle");
        }
        Name target;
        var found = zone.find(name, type);
        walk.add(new Walked(zone, name, found));
        switch (found) {
          case Zone.Found.Sets(var sets, var wildcard) -> {
            return done(positive(sets));
          }
          case Zone.Found.NoData() -> {
            return done(negative(Rcode.NOERROR, zone));
          }
          case Zone.Found.NoName() -> {
            return done(negative(Rcode.NXDOMAIN, zone));
          }
          case Zone.Found.Delegation(var servers) -> {
            return referral(servers);
          }
          case Zone.Found.Alias(var cname, var to) -> {
            chain.add(cname);
            target = to;
          }
          case Zone.Found.Redirect(var dname, var record) -> {
            chain.add(dname);
            try {
              target = name.fromDNAME(record);
            } catch (NameTooLongException e) {
              return done(Answer.of(Rcode.YXDOMAIN)); // RFC 6672 section 2.2
            }
            chain.add(RrSet.of(new CNAMERecord(name, record.getDClass(), dname.ttl(), target)));
          }
        }
        if (type == Type.CNAME || type == Type.ANY) {
          return done(Answer.of(Rcode.NOERROR)); // the CNAME that a DNAME makes is the answer
        }
        if (seen.size() > MAX_ALIASES) {
          return endless("more than " + MAX_ALIASES + " aliases");
        }
        name = target;
        var next = zones.find(name, type);
        if (next.isEmpty()) {
          return new Reply(Answer.of(chain, true), Optional.of(target), walk);
        }
        zone = next.get();
      }
    }

    /** A half chain with NOERROR would have every resolver go on with it; this ends it. */
    private Reply endless(String why) {
      return done(Answer.of(Rcode.SERVFAIL, ExtendedError.OTHER, why));
    }

    private Reply done(Answer last) {
      return new Reply(last.after(chain, true), Optional.empty(), walk);
    }

    private Answer positive(List<RrSet> sets) {
      var chosen = sets;
      if (type == Type.ANY && minimalAny && sets.size() > 1) {
        chosen = List.of(sets.stream().min(Chase::preferred).orElseThrow());
      }
      return new Answer(
          Rcode.NOERROR,
          true,
          chosen,
          List.of(),
          Additional.of(zones, chosen),
          false,
          Optional.empty());
    }

    /** Data before its proofs, then the smaller. */
    private static int preferred(RrSet a, RrSet b) {
      int proofs = Boolean.compare(isProof(a), isProof(b));
      return proofs != 0 ? proofs : Integer.compare(size(a), size(b));
    }

    private static boolean isProof(RrSet set) {
      return set.type() == Type.RRSIG || set.type() == Type.NSEC;
    }

    private static int size(RrSet set) {
      return set.records().stream().mapToInt(r -> r.rdataToWireCanonical().length + 12).sum();
    }

    private Answer negative(int rcode, Zone zone) {
      return new Answer(
          rcode, true, List.of(), List.of(zone.negativeSoa()), List.of(), false, Optional.empty());
    }

    /** RFC 1034 section 4.3.2 step 3b: no AA, the NS set of the child, and its addresses. */
    private Reply referral(RrSet servers) {
      var answer =
          new Answer(
              Rcode.NOERROR,
              false,
              List.of(),
              List.of(servers),
              glue(servers),
              true,
              Optional.empty());
      return new Reply(answer.after(chain, !chain.isEmpty()), Optional.empty(), walk);
    }

    /** Addresses below the cut come first: without them the referral leads nowhere (RFC 9471). */
    private List<RrSet> glue(RrSet servers) {
      var all = new ArrayList<>(Additional.of(zones, List.of(servers)));
      all.sort(Comparator.comparing(s -> !s.name().subdomain(servers.name())));
      return all;
    }
  }
}
