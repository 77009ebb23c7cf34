package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * Decides whether an answer is secure, insecure or bogus (RFC 4035 section 5, 6840).
 *
 * <p>Each set of the answer section is judged for itself: every alias of a chain may be of another
 * zone. What a wildcard made needs the proof that nothing closer exists; an answer that ends
 * without data needs the proof of that. The whole is as good as its worst part.
 */
final class Judge {
  private final Trail trail;
  private final DenialCache denials;

  Judge(Trail trail, DenialCache denials) {
    this.trail = trail;
    this.denials = denials;
  }

  /** Hears an answer that came with signatures. */
  Verdict hear(Hearing hearing, Answer answer) {
    var links = Signed.of(answer.answer());
    var proofs = Signed.of(answer.authority());
    var whole = new Whole();
    var before = new ArrayList<Signed>();
    var end = hearing.question().name();
    boolean found = false;
    for (var link : links) {
      boolean made = before.stream().anyMatch(b -> synthesised(b, link));
      if (!made && !whole.add(set(hearing, link, proofs))) {
        return bogus(whole.bogus());
      }
      found |= link.set().type() == hearing.question().type();
      if (link.set().records().getFirst() instanceof CNAMERecord alias) {
        end = alias.getTarget();
      }
      before.add(link);
    }
    if (!found
        && asks(hearing.question(), answer)
        && !whole.add(denial(hearing, end, answer.rcode(), proofs))) {
      return bogus(whole.bogus());
    }
    return whole.missing.isEmpty()
        ? given(hearing, answer, links, proofs, whole.security, whole.why)
        : new Verdict.Adjourned(whole.missing);
  }

  /** What the parts of an answer come to: what they lack together, and the worst of them. */
  private static final class Whole {
    final Set<Question> missing = new LinkedHashSet<>();
    Security security = Security.SECURE;
    Optional<ExtendedError> why = Optional.empty();
    private @Nullable ExtendedError bogus;

    /** Adds a part; false if it is bogus, and so the whole. */
    boolean add(Finding part) {
      switch (part) {
        case Finding.Missing(var questions) -> missing.addAll(questions);
        case Finding.Bogus(var error) -> bogus = error;
        case Finding.Fine(var each, var error) -> {
          why = each.compareTo(security) < 0 ? error : why;
          security = security.and(each);
        }
      }
      return bogus == null;
    }

    ExtendedError bogus() {
      return Objects.requireNonNull(bogus);
    }
  }

  /** A DNAME that makes a name too long has no more to prove; neither have signatures alone. */
  private static boolean asks(Question question, Answer answer) {
    return answer.rcode() != Rcode.YXDOMAIN
        && !(question.type() == Type.RRSIG && !answer.answer().isEmpty());
  }

  private static Verdict bogus(ExtendedError why) {
    var failure = Answer.of(Rcode.SERVFAIL, why.code(), why.text());
    return new Verdict.Given(failure, true, 0, why.text());
  }

  /** An alias that a DNAME makes is not signed (RFC 6672 section 5.3.1). */
  private static boolean synthesised(Signed dname, Signed link) {
    if (dname.set().records().getFirst() instanceof DNAMERecord from
        && link.set().records().getFirst() instanceof CNAMERecord made
        && link.set().size() == 1
        && made.getName().subdomain(from.getName())
        && !made.getName().equals(from.getName())) {
      try {
        return made.getName().fromDNAME(from).equals(made.getTarget());
      } catch (NameTooLongException e) {
        return false;
      }
    }
    return false;
  }

  private Finding set(Hearing hearing, Signed link, List<Signed> proofs) {
    var owner = link.set().name();
    int type = link.set().type();
    var signer = link.signer();
    if (signer.isEmpty()) {
      var place = type == Type.DS && !owner.equals(Name.root) ? new Name(owner, 1) : owner;
      var what = owner + " " + Type.string(type) + ": has no signature";
      return unsigned(hearing, place, ExtendedError.RRSIGS_MISSING, what);
    }
    return switch (trail.to(signer.get(), true, hearing)) {
      case Trail.End.Lacking(var questions) -> new Finding.Missing(questions);
      case Trail.End.Reached(ZoneKeys.Insecure keys) -> Finding.insecure(keys.why());
      case Trail.End.Reached(ZoneKeys.Bogus keys) -> new Finding.Bogus(keys.why());
      case Trail.End.Reached(ZoneKeys.NoCut keys) -> throw new IllegalStateException("no zone");
      case Trail.End.Reached(ZoneKeys.Secure keys) -> {
        if (!keys.zone().equals(signer.get())) {
          var what = owner + " is signed by " + signer.get() + ", which is no zone";
          yield Finding.bogus(ExtendedError.NO_ZONE_KEY, what);
        }
        yield switch (hearing.check(link, keys)) {
          case Check.Bad bad -> new Finding.Bogus(bad.why());
          case Check.Good good ->
              good.encloser(link.set())
                  .map(e -> wildcard(hearing, link, e, keys, proofs))
                  .orElseGet(() -> fine(hearing));
        };
      }
    };
  }

  private static Finding fine(Hearing hearing) {
    return new Finding.Fine(
        hearing.moment().trusted() ? Security.SECURE : Security.UNTIMED, Optional.empty());
  }

  /** RFC 4035 section 5.3.4, 5155 section 8.8. */
  private Finding wildcard(
      Hearing hearing, Signed link, Name encloser, ZoneKeys.Secure keys, List<Signed> proofs) {
    var name = link.set().name();
    switch (link.set().type()) {
      case Type.DNAME, Type.DS, Type.DNSKEY, Type.NSEC, Type.NSEC3, Type.SOA -> {
        var what = name + " " + Type.string(link.set().type()) + ": made from a wildcard";
        return Finding.bogus(ExtendedError.BOGUS, what);
      }
      default -> {}
    }
    var good = new ArrayList<Record>();
    var worst = good(hearing, keys, proofs, good);
    var said = new Denials(keys.zone(), good, hearing.budget()).nothingCloser(name, encloser);
    return proven(hearing, said, name + ": nothing proves that no name is closer", worst);
  }

  private Finding denial(Hearing hearing, Name name, int rcode, List<Signed> proofs) {
    int type = hearing.question().type();
    boolean parent = type == Type.DS && !name.equals(Name.root);
    var place = parent ? new Name(name, 1) : name;
    var signer = Optional.<Name>empty();
    for (var proof : proofs) {
      var by = proof.signer().filter(place::subdomain);
      if (by.isPresent() && (signer.isEmpty() || by.get().labels() > signer.get().labels())) {
        signer = by;
      }
    }
    var what = name + " " + Type.string(type) + ": nothing proves that it is not there";
    if (signer.isEmpty()) {
      boolean denials =
          proofs.stream()
              .anyMatch(p -> p.set().type() == Type.NSEC || p.set().type() == Type.NSEC3);
      int code = denials ? ExtendedError.RRSIGS_MISSING : ExtendedError.NSEC_MISSING;
      return unsigned(hearing, place, code, what);
    }
    return switch (trail.to(signer.get(), true, hearing)) {
      case Trail.End.Lacking(var questions) -> new Finding.Missing(questions);
      case Trail.End.Reached(ZoneKeys.Insecure keys) -> Finding.insecure(keys.why());
      case Trail.End.Reached(ZoneKeys.Bogus keys) -> new Finding.Bogus(keys.why());
      case Trail.End.Reached(ZoneKeys.NoCut keys) -> throw new IllegalStateException("no zone");
      case Trail.End.Reached(ZoneKeys.Secure keys) -> {
        if (!keys.zone().equals(signer.get())) {
          yield Finding.bogus(
              ExtendedError.NO_ZONE_KEY, "denied by " + signer.get() + ", which is no zone");
        }
        var good = new ArrayList<Record>();
        var worst = good(hearing, keys, proofs, good);
        if (worst != null && worst.soa()) {
          yield new Finding.Bogus(worst.bad().why());
        }
        var denied = new Denials(keys.zone(), good, hearing.budget());
        var said = rcode == Rcode.NXDOMAIN ? denied.noName(name) : denied.noData(name, type);
        if (said == Proven.YES && hearing.moment().trusted()) {
          remember(hearing, keys, proofs);
        }
        yield proven(hearing, said, what, worst);
      }
    };
  }

  /** Without any signature it can only be fine if the way down ends before. */
  private Finding unsigned(Hearing hearing, Name place, int code, String what) {
    return switch (trail.to(place, false, hearing)) {
      case Trail.End.Lacking(var questions) -> new Finding.Missing(questions);
      case Trail.End.Reached(ZoneKeys.Insecure keys) -> Finding.insecure(keys.why());
      case Trail.End.Reached(ZoneKeys.Bogus keys) -> new Finding.Bogus(keys.why());
      case Trail.End.Reached(ZoneKeys.NoCut keys) -> throw new IllegalStateException("no zone");
      case Trail.End.Reached(ZoneKeys.Secure keys) -> Finding.bogus(code, what);
    };
  }

  /** The worst that was found among proofs. */
  private record Worst(Check.Bad bad, boolean soa) {}

  /** Collects those denials of a zone whose own signatures are good. */
  private static @Nullable Worst good(
      Hearing hearing, ZoneKeys.Secure keys, List<Signed> proofs, List<Record> good) {
    Worst worst = null;
    for (var proof : proofs) {
      if (!proof.signer().equals(Optional.of(keys.zone()))) {
        continue;
      }
      boolean soa = proof.set().type() == Type.SOA;
      switch (hearing.check(proof, keys)) {
        case Check.Good by -> {
          // a denial made from a wildcard would deny for names it was not signed for
          if (by.encloser(proof.set()).isEmpty() && !soa) {
            good.addAll(proof.set().records());
          }
        }
        case Check.Bad bad -> worst = worst != null && worst.soa() ? worst : new Worst(bad, soa);
      }
    }
    return worst;
  }

  private static Finding proven(Hearing hearing, Proven said, String what, @Nullable Worst worst) {
    return switch (said) {
      case YES -> fine(hearing);
      case OPT_OUT ->
          Finding.insecure(
              new ExtendedError(ExtendedError.OTHER, "an unsigned delegation may be there"));
      case TOO_MANY_ITERATIONS ->
          Finding.insecure(
              new ExtendedError(
                  ExtendedError.UNSUPPORTED_ITERATIONS,
                  "more than " + Nsec3Denials.MAX_ITERATIONS + " iterations of NSEC3"));
      case NO -> {
        if (hearing.budget().spent()) {
          yield Finding.bogus(ExtendedError.OTHER, "costs too much to check");
        }
        yield worst == null
            ? Finding.bogus(ExtendedError.NSEC_MISSING, what)
            : new Finding.Bogus(worst.bad().why());
      }
    };
  }

  /** Keeps what was found true for further questions. */
  private void remember(Hearing hearing, ZoneKeys.Secure keys, List<Signed> proofs) {
    var moment = hearing.moment();
    long cap = Long.MAX_VALUE;
    for (var proof : proofs) {
      if (proof.set().records().getFirst() instanceof SOARecord soa
          && proof.set().name().equals(keys.zone())) {
        cap = Math.min(soa.getMinimum(), proof.set().ttl()); // RFC 9077 section 3
      }
    }
    for (var proof : proofs) {
      boolean of = proof.signer().equals(Optional.of(keys.zone()));
      if (of
          && hearing.check(proof, keys) instanceof Check.Good good
          && good.encloser(proof.set()).isEmpty()) {
        long ttl = Math.min(cap, good.ttl(proof.set(), moment));
        denials.put(keys.zone(), proof, moment.plus(ttl));
      }
    }
  }

  /** The answer as it is passed on: what is secure holds no longer than its signatures. */
  private static Verdict given(
      Hearing hearing,
      Answer answer,
      List<Signed> links,
      List<Signed> proofs,
      Security security,
      Optional<ExtendedError> why) {
    boolean checked = security.compareTo(Security.INSECURE) > 0;
    long signedFor = security == Security.SECURE ? signedFor(hearing, links, proofs) : 0;
    long most = security == Security.SECURE ? signedFor : Long.MAX_VALUE;
    var given =
        new Answer(
            answer.rcode(),
            false,
            checked ? kept(hearing, links, true, most) : answer.answer(),
            checked ? kept(hearing, proofs, false, most) : answer.authority(),
            List.of(),
            false,
            error(security, why).or(answer::error),
            security);
    var text = why.map(ExtendedError::text).orElse("signed from a trust anchor down");
    var said = security.name().toLowerCase(Locale.ROOT) + ", " + text;
    return new Verdict.Given(given, false, signedFor, said);
  }

  /** Seconds until the first signature ends that the whole rests on (RFC 4035 section 5.3.3). */
  private static long signedFor(Hearing hearing, List<Signed> links, List<Signed> proofs) {
    long least = Integer.MAX_VALUE;
    for (var part : List.of(links, proofs)) {
      for (var signed : part) {
        if (hearing.known(signed.set()).orElse(null) instanceof Check.Good good) {
          least = Math.min(least, Signatures.left(good.by(), hearing.moment().wall()));
        }
      }
    }
    return Math.max(0, least);
  }

  /** Only what the asker should know beyond AD: that nothing could be checked for some reason. */
  private static Optional<ExtendedError> error(Security security, Optional<ExtendedError> why) {
    if (security == Security.UNTIMED) {
      return Optional.of(
          new ExtendedError(
              ExtendedError.INDETERMINATE, "the clock is not set: times of signatures unchecked"));
    }
    return why.filter(
        e ->
            Set.of(
                    ExtendedError.UNSUPPORTED_ALGORITHM,
                    ExtendedError.UNSUPPORTED_DIGEST,
                    ExtendedError.UNSUPPORTED_ITERATIONS)
                .contains(e.code()));
  }

  private static List<RrSet> kept(Hearing hearing, List<Signed> sets, boolean all, long most) {
    var kept = new ArrayList<RrSet>();
    for (var signed : sets) {
      var known = hearing.known(signed.set());
      if (known.isPresent() && known.get() instanceof Check.Good good) {
        kept.addAll(signed.parts(Math.min(most, good.ttl(signed.set(), hearing.moment()))));
      } else if (all) {
        kept.addAll(signed.parts(Math.min(most, signed.set().ttl())));
      }
    }
    return kept;
  }
}
