package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The way from a trust anchor down to the zone of a name (RFC 4035 section 5).
 *
 * <p>It goes label by label. At each name the parent zone either has a DS set, then a DNSKEY set
 * that one of its digests leads to must be there and sign itself; or it denies it, then the denial
 * tells whether the name is an unsigned delegation, where the way ends as insecure, or no zone cut
 * at all, where it goes on with the same zone. An unsigned name costs a question per label, so what
 * earlier denials tell is taken first.
 */
final class Trail {
  private static final int MAX_KEYS = 16;
  private static final int MAX_DIGESTS = 8;
  private static final long MAX_TTL = 86_400;
  private static final long MAX_DENIAL_TTL = 3_600;

  /**
   * How long a trust anchor's keys are believed without a clock: they may tell that it is right.
   */
  private static final long UNTIMED_TTL = 600;

  /** How long a zone counts as bogus (RFC 9520 section 3.2). */
  private static final long BOGUS_TTL = 10;

  private final TrustAnchors anchors;
  private final KeyCache cache;
  private final DenialCache denials;

  Trail(TrustAnchors anchors, KeyCache cache, DenialCache denials) {
    this.anchors = anchors;
    this.cache = cache;
    this.denials = denials;
  }

  /** Where the way led. */
  sealed interface End {
    /** To this zone, or to where no key matters. */
    record Reached(ZoneKeys keys) implements End {}

    /** These sets are needed to go on. */
    record Lacking(Set<Question> questions) implements End {}
  }

  /**
   * Goes to the zone that a name is in.
   *
   * @param signer whether the name claims to be that zone, so that its keys will be needed
   */
  End to(Name name, boolean signer, Hearing hearing) {
    var anchor = anchors.above(name);
    if (anchor.isEmpty()) {
      return insecure(ExtendedError.INDETERMINATE, "no trust anchor above " + name);
    }
    var at = anchor.get();
    var unchecked = anchors.unchecked(name);
    if (unchecked.isPresent() && unchecked.get().labels() >= at.labels()) {
      return new End.Reached(negative(unchecked.get())); // nobody needs to be asked
    }
    var here = known(at, hearing);
    if (here == null) {
      var keys = new Question(at, Type.DNSKEY, hearing.question().dclass());
      var answer = hearing.fact(keys);
      if (answer.isEmpty()) {
        return new End.Lacking(Set.of(keys));
      }
      here = anchored(at, answer.get(), hearing);
      cache.put(at, here);
    }
    for (int up = name.labels() - at.labels() - 1; up >= 0; up--) {
      if (!(here instanceof ZoneKeys.Secure parent)) {
        return new End.Reached(here);
      }
      var next = up == 0 ? name : new Name(name, up);
      var found = known(next, hearing);
      if (found == null) {
        switch (learn(parent, next, name, hearing)) {
          case End.Lacking(var questions) -> {
            return new End.Lacking(signer ? ahead(next, name, questions, hearing) : questions);
          }
          case End.Reached(var keys) -> found = keys;
        }
        cache.put(next, found);
      }
      if (found instanceof ZoneKeys.NoCut cut) {
        if (!cut.exists()) {
          break;
        }
      } else {
        here = found;
      }
    }
    return new End.Reached(here);
  }

  private @Nullable ZoneKeys known(Name name, Hearing hearing) {
    return cache.get(name, hearing.moment().now());
  }

  private static ZoneKeys negative(Name name) {
    var why = "negative trust anchor " + name + " (RFC 7646)";
    return new ZoneKeys.Insecure(new ExtendedError(ExtendedError.OTHER, why), Long.MAX_VALUE);
  }

  private static End insecure(int code, String why) {
    return new End.Reached(new ZoneKeys.Insecure(new ExtendedError(code, why), Long.MAX_VALUE));
  }

  /** All that the rest of the way to a signer will need, so that it is asked at once. */
  private Set<Question> ahead(Name next, Name signer, Set<Question> first, Hearing hearing) {
    var all = new LinkedHashSet<>(first);
    for (int up = signer.labels() - next.labels(); up >= 0; up--) {
      var each = up == 0 ? signer : new Name(signer, up);
      if (known(each, hearing) == null) {
        all.add(Question.in(each, Type.DS));
        if (up == 0) {
          all.add(Question.in(each, Type.DNSKEY));
        }
      }
    }
    all.removeIf(q -> hearing.fact(q).isPresent());
    return all;
  }

  /** What a name below a zone is. */
  private End learn(ZoneKeys.Secure parent, Name name, Name target, Hearing hearing) {
    var said = denials.cut(parent.zone(), name, hearing.moment().now(), hearing.budget());
    if (said.isPresent()) {
      return new End.Reached(cut(said.get().cut(), name, target, said.get().until()));
    }
    var question = Question.in(name, Type.DS);
    var fact = hearing.fact(question);
    if (fact.isEmpty()) {
      return new End.Lacking(Set.of(question));
    }
    var answer = fact.get();
    if (answer.rcode() != Rcode.NOERROR && answer.rcode() != Rcode.NXDOMAIN) {
      return bogus(hearing, failed(question, answer));
    }
    for (var signed : Signed.of(answer.answer())) {
      if (signed.set().name().equals(name) && signed.set().type() == Type.DS) {
        return signers(parent, name, signed, hearing);
      }
      if (signed.set().name().equals(name) && signed.set().type() == Type.CNAME) {
        return switch (hearing.check(signed, parent)) {
          // an alias has nothing beside it, so no delegation either (RFC 2181 section 10.1)
          case Check.Good good ->
              new End.Reached(
                  new ZoneKeys.NoCut(
                      true, hearing.moment().plus(good.ttl(signed.set(), hearing.moment()))));
          case Check.Bad bad -> bogus(hearing, bad.why());
        };
      }
    }
    return denied(parent, name, target, answer, hearing);
  }

  private End signers(ZoneKeys.Secure parent, Name name, Signed signed, Hearing hearing) {
    switch (hearing.check(signed, parent)) {
      case Check.Bad bad -> {
        return bogus(hearing, bad.why());
      }
      case Check.Good good -> {
        if (good.encloser(signed.set()).isPresent()) {
          var why = name + " DS is made from a wildcard, which cannot delegate";
          return bogus(hearing, new ExtendedError(ExtendedError.BOGUS, why));
        }
        var question = Question.in(name, Type.DNSKEY);
        var digests = new ArrayList<DSRecord>();
        signed.set().records().forEach(r -> digests.add((DSRecord) r));
        long until = hearing.moment().plus(good.ttl(signed.set(), hearing.moment()));
        var unsupported = unsupported(name, digests, until);
        if (unsupported.isPresent()) {
          return new End.Reached(unsupported.get());
        }
        var fact = hearing.fact(question);
        if (fact.isEmpty()) {
          return new End.Lacking(Set.of(question));
        }
        return new End.Reached(
            keys(name, digests, fact.get(), hearing.moment(), hearing.budget()).keys());
      }
    }
  }

  /** A zone that nobody could check here is as good as unsigned (RFC 4035 section 5.2). */
  private static Optional<ZoneKeys> unsupported(Name name, List<DSRecord> digests, long until) {
    if (digests.stream().anyMatch(Trail::supported)) {
      return Optional.empty();
    }
    boolean algorithm = digests.stream().noneMatch(d -> Algorithms.supports(d.getAlgorithm()));
    int code = algorithm ? ExtendedError.UNSUPPORTED_ALGORITHM : ExtendedError.UNSUPPORTED_DIGEST;
    var why = name + " is signed by means not supported here";
    return Optional.of(new ZoneKeys.Insecure(new ExtendedError(code, why), until));
  }

  private static boolean supported(DSRecord digest) {
    return Algorithms.supports(digest.getAlgorithm())
        && Algorithms.supportsDigest(digest.getDigestID());
  }

  /**
   * The keys of a trust anchor. Nobody but their owner can have signed them, so their times tell
   * something of ours.
   */
  private ZoneKeys anchored(Name zone, Answer answer, Hearing hearing) {
    var digests = anchors.anchors().getOrDefault(zone, List.of());
    var moment = hearing.moment();
    var found = keys(zone, digests, answer, moment, hearing.budget());
    own(zone, answer)
        .ifPresent(set -> hearing.sighted(new TrustPoint.Sighting(zone, set, found.by())));
    if (found.keys() instanceof ZoneKeys.Secure secure) {
      hearing.anchored();
      if (!moment.trusted() && found.by() != null) {
        boolean early = found.by().getTimeSigned().getEpochSecond() > moment.wall();
        if (!early && found.by().getExpire().getEpochSecond() >= moment.wall()) {
          hearing.timely();
        }
        long until = Math.min(secure.until(), moment.plus(UNTIMED_TTL));
        return new ZoneKeys.Secure(zone, secure.keys(), until);
      }
    }
    if (found.keys() instanceof ZoneKeys.Bogus bogus) {
      int code = bogus.why().code();
      if (code == ExtendedError.SIGNATURE_NOT_YET_VALID
          || code == ExtendedError.SIGNATURE_EXPIRED) {
        var timeless = new Moment(moment.now(), moment.wall(), false);
        var by = keys(zone, digests, answer, timeless, hearing.budget()).by();
        if (by != null && by.getTimeSigned().getEpochSecond() > moment.wall()) {
          hearing.early(by.getTimeSigned().getEpochSecond());
        } else if (by != null) {
          hearing.over(by.getExpire().getEpochSecond());
        }
      }
      boolean none = answer.answer().stream().noneMatch(s -> s.type() == Type.DNSKEY);
      if (none || code == ExtendedError.RRSIGS_MISSING) {
        hearing.stripped();
      }
    }
    return found.keys();
  }

  /**
   * Keys, if they are.
   *
   * @param by what signed them
   */
  private record Own(ZoneKeys keys, @Nullable RRSIGRecord by) {}

  /** The keys of a zone, if one that the digests name has signed them. */
  private static Own keys(
      Name zone, List<DSRecord> digests, Answer answer, Moment moment, Budget budget) {
    var unsupported = unsupported(zone, digests, moment.plus(MAX_TTL));
    if (unsupported.isPresent()) {
      return new Own(unsupported.get(), null);
    }
    var question = Question.in(zone, Type.DNSKEY);
    if (answer.rcode() != Rcode.NOERROR) {
      return bogus(failed(question, answer), moment);
    }
    var signed = own(zone, answer);
    if (signed.isEmpty()) {
      var why = new ExtendedError(ExtendedError.DNSKEY_MISSING, zone + " has no DNSKEY set");
      return bogus(why, moment);
    }
    var usable =
        signed.get().set().records().stream()
            .map(r -> (DNSKEYRecord) r)
            .filter(Algorithms::usable)
            .limit(MAX_KEYS)
            .toList();
    Check result =
        signed.get().signatures().isEmpty()
            ? new Check.Bad(ExtendedError.RRSIGS_MISSING, zone + " DNSKEY: has no signature")
            : new Check.Bad(ExtendedError.DNSKEY_MISSING, zone + ": no DNSKEY matches the DS set");
    int tried = 0;
    for (var digest : digests) {
      if (!supported(digest) || ++tried > MAX_DIGESTS) {
        continue;
      }
      for (var key : usable) {
        if (matches(digest, key, budget)) {
          result = Signatures.check(signed.get(), zone, List.of(key), moment, budget);
          if (result instanceof Check.Good good && good.encloser(signed.get().set()).isEmpty()) {
            long ttl = Math.min(MAX_TTL, good.ttl(signed.get().set(), moment));
            long until = moment.plus(Math.max(1, ttl));
            return new Own(new ZoneKeys.Secure(zone, usable, until), good.by());
          }
        }
      }
    }
    var why =
        result instanceof Check.Bad bad
            ? bad.why()
            : new ExtendedError(ExtendedError.BOGUS, zone + " DNSKEY is made from a wildcard");
    return bogus(why, moment);
  }

  private static Optional<Signed> own(Name zone, Answer answer) {
    return Signed.of(answer.answer()).stream()
        .filter(s -> s.set().type() == Type.DNSKEY && s.set().name().equals(zone))
        .findFirst();
  }

  private static Own bogus(ExtendedError why, Moment moment) {
    return new Own(new ZoneKeys.Bogus(why, moment.plus(BOGUS_TTL)), null);
  }

  /** RFC 4034 section 5.1.4. */
  static boolean matches(DSRecord digest, DNSKEYRecord key, Budget budget) {
    if (digest.getAlgorithm() != key.getAlgorithm()
        || digest.getFootprint() != key.getFootprint()
        || !budget.hash()) {
      return false;
    }
    var owner = key.getName().toWireCanonical();
    var data = key.rdataToWireCanonical();
    var all = Arrays.copyOf(owner, owner.length + data.length);
    System.arraycopy(data, 0, all, owner.length, data.length);
    return Arrays.equals(Algorithms.digest(digest.getDigestID(), all), digest.getDigest());
  }

  private End denied(
      ZoneKeys.Secure parent, Name name, Name target, Answer answer, Hearing hearing) {
    var good = new ArrayList<Record>();
    long ttl = MAX_DENIAL_TTL;
    Check.Bad worst = null;
    for (var signed : Signed.of(answer.authority())) {
      var first = signed.set().records().getFirst();
      if (!(first instanceof NSECRecord) && !(first instanceof NSEC3Record)) {
        continue;
      }
      switch (hearing.check(signed, parent)) {
        case Check.Good by -> {
          if (by.encloser(signed.set()).isEmpty()) {
            good.addAll(signed.set().records());
            long each = Math.min(ttl, by.ttl(signed.set(), hearing.moment()));
            ttl = each;
            if (hearing.moment().trusted()) {
              denials.put(parent.zone(), signed, hearing.moment().plus(each));
            }
          }
        }
        case Check.Bad bad -> worst = bad;
      }
    }
    var cut = new Denials(parent.zone(), good, hearing.budget()).cut(name);
    if (cut == Cut.UNPROVEN) {
      return bogus(
          hearing,
          worst == null
              ? new ExtendedError(
                  ExtendedError.NSEC_MISSING, name + " DS: nothing proves that there is none")
              : worst.why());
    }
    return new End.Reached(cut(cut, name, target, hearing.moment().plus(Math.max(1, ttl))));
  }

  private ZoneKeys cut(Cut cut, Name name, Name target, long until) {
    return switch (cut) {
      case UNSIGNED ->
          new ZoneKeys.Insecure(
              new ExtendedError(ExtendedError.OTHER, name + " is proven to be unsigned"), until);
      case UNCOMPUTED ->
          new ZoneKeys.Insecure(
              new ExtendedError(
                  ExtendedError.UNSUPPORTED_ITERATIONS, name + ": too many NSEC3 iterations"),
              until);
      case NONE -> new ZoneKeys.NoCut(true, until);
      case NO_NAME ->
          anchors.forwarded(target)
              ? new ZoneKeys.Insecure(
                  new ExtendedError(
                      ExtendedError.OTHER, name + " is of forward-zones and in no public zone"),
                  until)
              : new ZoneKeys.NoCut(false, until);
      case UNPROVEN -> throw new IllegalArgumentException("nothing is proven of " + name);
    };
  }

  private static End bogus(Hearing hearing, ExtendedError why) {
    return new End.Reached(new ZoneKeys.Bogus(why, hearing.moment().plus(BOGUS_TTL)));
  }

  private static ExtendedError failed(Question question, Answer answer) {
    var said = answer.error().map(e -> ": " + e.text()).orElse("");
    return new ExtendedError(
        question.type() == Type.DNSKEY
            ? ExtendedError.DNSKEY_MISSING
            : ExtendedError.NO_REACHABLE_AUTHORITY,
        question + " got " + Rcode.string(answer.rcode()) + said);
  }
}
