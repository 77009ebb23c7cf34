package dev.islet.dns.dnssec;

import dev.islet.core.engine.Engine;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Signs the zones that are to be signed before they are published, and tells when they want to be
 * signed again. Not thread-safe: it lives on the thread that changes zones.
 */
public final class Signing {
  /** A clock may be set; so nobody sleeps longer before looking at it. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofMinutes(5);

  private static final class Slot {
    SigningPolicy policy;
    SignerState state;

    /** What is on disk. */
    SignerState kept;

    ZoneSigner.@Nullable Signed signed;
    Instant at = Instant.EPOCH;

    /** When the first signatures want to be made again. */
    Instant refresh = Instant.EPOCH;

    Instant due = Instant.EPOCH;
    boolean whole = true;
    long longest;

    Slot(SigningPolicy policy, Optional<SignerState> kept, Instant now) {
      this.policy = policy;
      this.kept = kept.orElse(SignerState.NEW);
      // What was served before the start may still be remembered from just now.
      this.state = new SignerState(this.kept.keys(), this.kept.ahead(), this.kept.maxTtl(), now);
    }
  }

  private final TimeSource time;
  private final SecureRandom random;
  private final KeyStore store;
  private final SignedStore copies;
  private final Consumer<? super DnsEvent> out;
  private final Instant began;
  private Map<Name, Slot> slots = Map.of();
  private Duration ahead;
  private long deadline = Engine.NEVER;

  /**
   * @param random what keys are made of
   * @param copies keeps what was signed
   * @param out hears what was done
   */
  public Signing(
      TimeSource time,
      SecureRandom random,
      KeyStore store,
      SignedStore copies,
      Consumer<? super DnsEvent> out) {
    this.copies = copies;
    this.time = time;
    this.random = random;
    this.store = store;
    this.out = out;
    this.began = time.wall();
    this.ahead = ahead();
  }

  /** Zones to sign, with the keys that were kept for them. */
  public record Prepared(Map<Name, SigningPolicy> policies, Map<Name, Optional<SignerState>> kept) {
    public Prepared {
      policies = Map.copyOf(policies);
      kept = Map.copyOf(kept);
    }
  }

  /**
   * Reads what is needed for some zones, and changes nothing yet. Safe for any thread.
   *
   * @throws IOException which keys cannot be read
   */
  public Prepared prepare(Map<Name, SigningPolicy> policies) throws IOException {
    var kept = new HashMap<Name, Optional<SignerState>>();
    for (var origin : policies.keySet()) {
      kept.put(origin, store.load(origin));
    }
    return new Prepared(policies, kept);
  }

  /** From now on these zones are signed in these ways. */
  public void adopt(Prepared prepared) {
    var next = new HashMap<Name, Slot>();
    prepared
        .policies()
        .forEach(
            (origin, policy) -> {
              var old = slots.get(origin);
              if (old == null) {
                var kept = Objects.requireNonNull(prepared.kept().get(origin));
                next.put(origin, new Slot(policy, kept, time.wall()));
                return;
              }
              old.whole |=
                  old.policy.denial() != policy.denial()
                      || old.policy.withdraw() != policy.withdraw()
                      || !old.policy.validity().equals(policy.validity());
              old.policy = policy;
              next.put(origin, old);
            });
    slots = next;
    remind();
  }

  /** Keys of signed zones, for people. */
  public Map<Name, List<KeyState>> keys() {
    var all = new HashMap<Name, List<KeyState>>();
    slots.forEach((origin, slot) -> all.put(origin, slot.state.keys()));
    return all;
  }

  /** Zones with a key that waits for the parent to name it. */
  public Set<Name> waiting() {
    var all = new HashSet<Name>();
    slots.forEach(
        (origin, slot) -> {
          if (slot.state.keys().stream()
              .anyMatch(k -> k.is(KeyPhase.SUBMITTED) && k.named().isEmpty())) {
            all.add(origin);
          }
        });
    return all;
  }

  /** The parent has these DS records of a zone. */
  public void parentSays(Name origin, Collection<DSRecord> ds) {
    var slot = slots.get(origin);
    if (slot == null) {
      return;
    }
    var tags = new HashSet<Integer>();
    for (var state : slot.state.keys()) {
      var wanted = Records.ds(state.key().record(), 0);
      if (ds.stream().anyMatch(d -> wanted.rdataToString().equals(d.rdataToString()))) {
        tags.add(state.key().tag());
      }
    }
    if (name(slot, tags, time.wall())) {
      slot.due = time.wall();
      remind();
    }
  }

  /** The zone as it is to be served; all of it may have changed. */
  public Zone serve(Zone unsigned) {
    return serve(unsigned, null);
  }

  /**
   * The zone as it is to be served.
   *
   * @param touched where it differs from the one that was served before; null if that is not known
   */
  public Zone serve(Zone unsigned, @Nullable Set<Name> touched) {
    var slot = slots.get(unsigned.origin());
    if (slot == null) {
      return unsigned;
    }
    var served = sign(unsigned, touched, slot);
    remind();
    return served;
  }

  private Zone sign(Zone unsigned, @Nullable Set<Name> touched, Slot slot) {
    var now = time.wall();
    var origin = unsigned.origin();
    var before = slot.signed;
    boolean same =
        before != null && (before.unsigned() == unsigned || before.unsigned().sameAs(unsigned));
    long longest = same ? slot.longest : longest(unsigned);
    name(slot, slot.policy.parentHas(), now);
    var measured = slot.state.served(Math.max(longest, slot.longest), now);
    var moved = Rollover.advance(measured, slot.policy, now, role -> make(origin, slot, role));
    boolean rolled = !moved.keys().equals(slot.state.keys());
    boolean whole =
        slot.whole
            || before == null
            || touched == null && !same
            || now.isBefore(slot.at.minus(STEP)) // the clock went back: signatures begin later
            || !signers(slot.state.keys()).equals(signers(moved.keys()));
    boolean refresh = !slot.refresh.isAfter(now);
    slot.due = moved.due().filter(d -> d.isBefore(slot.refresh)).orElse(slot.refresh);
    var next = measured.with(moved.keys());
    boolean idle = same && !rolled && !whole && !refresh;
    var signer = new ZoneSigner(origin, next.keys(), slot.policy, now);
    var kept = before == null ? kept(origin, next.keys()) : Optional.<Zone>empty();
    long first = next.serial(unsigned);
    var tried = kept.map(k -> signer.all(unsigned, Optional.of(k), first));
    boolean resumed = signer.made() == 0 && tried.map(t -> t.sameAs(kept.get())).orElse(false);
    if (before == null) {
      next = resumed ? next : later(unsigned, next, kept);
    } else if (!idle && !isLater(unsigned, next, before.served())) {
      next = next.leading(unsigned, before.served());
    }
    if (!next.isAsDurableAs(slot.kept) && !keep(origin, next, slot)) {
      if (before == null) {
        throw new IllegalStateException("the keys of " + origin + " cannot be kept");
      }
      slot.whole = true;
      slot.due = now.plus(RETRY);
      return before.served();
    }
    if (idle && before != null) {
      return before.served();
    }
    tell(origin, slot.state.keys(), next.keys());
    long serial = next.serial(unsigned);
    Zone served;
    if (tried.isPresent()) {
      var done = new ZoneSigner.Signed(unsigned, tried.get());
      served = resumed ? done.served() : signer.changed(unsigned, done, Set.of(), serial);
    } else if (whole || before == null) {
      var old = Optional.ofNullable(before).map(ZoneSigner.Signed::served);
      served = signer.all(unsigned, old, serial);
    } else {
      served = signer.changed(unsigned, before, touched == null ? Set.of() : touched, serial);
      if (refresh) {
        served = signer.refreshed(new ZoneSigner.Signed(unsigned, served), serial);
      }
    }
    slot.state = next;
    slot.longest = longest;
    slot.signed = new ZoneSigner.Signed(unsigned, served);
    slot.at = now;
    slot.whole = false;
    if (whole || refresh) {
      slot.refresh = ends(served).minus(slot.policy.refresh());
    }
    slot.due = moved.due().filter(d -> d.isBefore(slot.refresh)).orElse(slot.refresh);
    out.accept(new DnsEvent.Signed(origin.toString(), serial, signer.made()));
    if (!resumed) {
      copies.keep(served, before == null ? kept : Optional.of(before.served()));
    }
    return served;
  }

  /** The zone as it was served before the start, if it was signed by keys that are still these. */
  private Optional<Zone> kept(Name origin, List<KeyState> keys) {
    return copies
        .load(origin)
        .filter(
            zone ->
                zone.at(origin, Type.DNSKEY).stream()
                    .flatMap(set -> set.records().stream())
                    .allMatch(known -> keys.stream().noneMatch(k -> isOther(k.key(), known))));
  }

  /** Whether a record is of another key of the same tag. */
  private static boolean isOther(ZoneKey key, Record record) {
    return record instanceof DNSKEYRecord known
        && known.getFootprint() == key.tag()
        && !Arrays.equals(known.getKey(), key.record().getKey());
  }

  /** Later than what was served before the start: that had other signatures, or none. */
  private static SignerState later(Zone unsigned, SignerState state, Optional<Zone> kept) {
    var next = state.further();
    return kept.isPresent() && !isLater(unsigned, next, kept.get())
        ? next.leading(unsigned, kept.get())
        : next;
  }

  private ZoneKey make(Name origin, Slot slot, KeyRole role) {
    long ttl = SigningPolicy.KEY_TTL.toSeconds();
    return KeyText.generate(origin, slot.policy.algorithm(), role, ttl, random);
  }

  private static boolean isLater(Zone unsigned, SignerState state, Zone served) {
    return Serial.isAfter(state.serial(unsigned), served.serial());
  }

  private boolean keep(Name origin, SignerState next, Slot slot) {
    try {
      store.keep(origin, next);
      slot.kept = next;
      return true;
    } catch (IOException e) {
      out.accept(new DnsEvent.ZoneRefused(origin.toString(), "its keys cannot be kept: " + e));
      return false;
    }
  }

  /** Whether one of them was not known to be named before. */
  private static boolean name(Slot slot, Set<Integer> tags, Instant now) {
    boolean fresh = false;
    var keys = new ArrayList<KeyState>();
    for (var state : slot.state.keys()) {
      boolean named =
          state.named().isEmpty() && state.role().entry() && tags.contains(state.key().tag());
      keys.add(named ? state.namedAt(now) : state);
      fresh |= named;
    }
    slot.state = slot.state.with(keys);
    return fresh;
  }

  private static List<Integer> signers(List<KeyState> keys) {
    return keys.stream()
        .filter(k -> k.role().zone() && k.phase().signs())
        .map(k -> k.key().tag())
        .sorted()
        .toList();
  }

  private static long longest(Zone zone) {
    return zone.sets().mapToLong(s -> s.ttl()).max().orElse(0);
  }

  private static Instant ends(Zone served) {
    return served
        .sets()
        .filter(s -> s.type() == Type.RRSIG)
        .flatMap(s -> s.records().stream())
        .map(r -> ((RRSIGRecord) r).getExpire())
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  private void tell(Name origin, List<KeyState> before, List<KeyState> after) {
    for (var state : after) {
      var old = before.stream().filter(k -> k.key().tag() == state.key().tag()).findFirst();
      if (old.isEmpty() || old.get().phase() != state.phase()) {
        out.accept(
            new DnsEvent.KeyMoved(
                origin.toString(),
                state.key().tag(),
                old.map(o -> o.phase().toString()).orElse("NEW"),
                state.phase().toString(),
                state.is(KeyPhase.SUBMITTED)
                    ? "the parent should have DS " + state.ds().orElse("")
                    : ""));
      }
    }
    for (var state : before) {
      if (after.stream().noneMatch(k -> k.key().tag() == state.key().tag())) {
        out.accept(
            new DnsEvent.KeyMoved(
                origin.toString(), state.key().tag(), state.phase().toString(), "GONE", ""));
      }
    }
  }

  /** Zones that want to be served again: a key moves on, or signatures end soon. */
  public List<Name> due() {
    followClock();
    var now = time.wall();
    var due = new ArrayList<Name>();
    slots.forEach(
        (origin, slot) -> {
          boolean back = now.isBefore(slot.at.minus(STEP));
          if (slot.signed != null && (back || !slot.due.isAfter(now))) {
            due.add(origin);
          }
        });
    remind();
    return due;
  }

  /**
   * When {@link #due} wants to be asked next, on the clock of {@link TimeSource#now()}, or {@link
   * Engine#NEVER}.
   */
  public long deadline() {
    return deadline;
  }

  private void remind() {
    if (slots.isEmpty()) {
      deadline = Engine.NEVER;
      return;
    }
    var now = time.wall();
    var wait = LOOK;
    for (var slot : slots.values()) {
      if (slot.signed != null && slot.due.isBefore(now.plus(wait))) {
        wait = slot.due.isAfter(now) ? Duration.between(now, slot.due) : Duration.ZERO;
      }
    }
    deadline = time.now() + Math.max(wait.toNanos(), 1);
  }

  private Duration ahead() {
    return Duration.between(TimeSource.instant(time.now()), time.wall());
  }

  /**
   * A board without a clock starts in the past; when its clock is set, no time has passed. What was
   * stamped since the start is moved along, so that no wait gets shorter.
   */
  private void followClock() {
    var moved = ahead().minus(ahead);
    if (moved.abs().compareTo(LOOK) < 0) {
      return;
    }
    ahead = ahead();
    if (moved.isNegative()) {
      return; // waits only get longer
    }
    for (var slot : slots.values()) {
      var keys = new ArrayList<KeyState>();
      for (var state : slot.state.keys()) {
        keys.add(
            new KeyState(
                state.key(),
                state.role(),
                state.generation(),
                state.phase(),
                later(state.since(), moved),
                state.named().map(n -> later(n, moved))));
      }
      slot.state = slot.state.with(keys);
    }
  }

  private Instant later(Instant stamp, Duration by) {
    return stamp.isBefore(began) ? stamp : stamp.plus(by);
  }
}
