package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One question's case: what was asked for it and found out, and what it has cost. It is heard
 * several times, each time with more facts; what was checked once is not checked again.
 */
final class Hearing {
  private final Question question;
  private final Budget budget = new Budget();
  private final Map<Question, Answer> facts = new HashMap<>();
  private final Map<RrSet, Check> checked = new IdentityHashMap<>();
  private final List<TrustPoint.Sighting> sightings = new ArrayList<>();
  private Moment moment;
  private long signedAt = Long.MIN_VALUE;
  private long overSince = Long.MIN_VALUE;
  private boolean anchored;
  private boolean timely;
  private boolean stripped;

  Hearing(Question question, Moment moment) {
    this.question = question;
    this.moment = moment;
  }

  Question question() {
    return question;
  }

  Budget budget() {
    return budget;
  }

  Moment moment() {
    return moment;
  }

  /** It goes on at another moment; if the clock is trusted otherwise, all is checked again. */
  void resume(Moment next) {
    if (next.trusted() != moment.trusted()) {
      checked.clear();
    }
    sightings.clear();
    signedAt = Long.MIN_VALUE;
    overSince = Long.MIN_VALUE;
    anchored = false;
    timely = false;
    moment = next;
  }

  /** It begins anew with what others say; what it has cost stays. */
  void restart() {
    facts.clear();
    checked.clear();
    stripped = false;
  }

  void learn(Question about, Answer answer) {
    facts.put(about, answer);
  }

  Optional<Answer> fact(Question about) {
    return Optional.ofNullable(facts.get(about));
  }

  /** The keys of a trust anchor signed themselves at this time, which is later than now. */
  void early(long inception) {
    signedAt = Math.max(signedAt, inception);
  }

  /** The keys of a trust anchor were signed until this time, which is earlier than now. */
  void over(long expired) {
    overSince = Math.max(overSince, expired);
  }

  /** The keys of a trust anchor are signed for now, though the clock is not trusted. */
  void timely() {
    timely = true;
  }

  /** The keys of a trust anchor were found true, for now if the moment is trusted. */
  void anchored() {
    anchored = true;
  }

  /** The keys of a trust anchor did not come, or without any signature, which they never are. */
  void stripped() {
    stripped = true;
  }

  /** The keys of a trust anchor were seen. */
  void sighted(TrustPoint.Sighting seen) {
    sightings.add(seen);
  }

  List<TrustPoint.Sighting> sightings() {
    return sightings;
  }

  /** When the keys of a trust anchor were signed, if that is later than now. */
  OptionalLong signedAt() {
    return signedAt == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(signedAt);
  }

  /** When the signature of a trust anchor's keys ended, if that is earlier than now. */
  OptionalLong overSince() {
    return overSince == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(overSince);
  }

  boolean isTimely() {
    return timely;
  }

  boolean isAnchored() {
    return anchored;
  }

  boolean isStripped() {
    return stripped;
  }

  /** What the check of a set gave, if it was checked. */
  Optional<Check> known(RrSet set) {
    return Optional.ofNullable(checked.get(set));
  }

  /** Checks a set against the keys of its zone. */
  Check check(Signed signed, ZoneKeys.Secure by) {
    var known = checked.get(signed.set());
    if (known == null) {
      known = Signatures.check(signed, by.zone(), by.keys(), moment, budget);
      checked.put(signed.set(), known);
    }
    return known;
  }
}
