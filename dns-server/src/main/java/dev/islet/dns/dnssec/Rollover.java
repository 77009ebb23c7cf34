package dev.islet.dns.dnssec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Moves the keys of a zone through their lives, as a function of time (RFC 7583, RFC 6781 section
 * 4.1). A step is taken when everything that the step would break has left all caches: the set of
 * keys after its TTL, data and its signatures after the longest TTL of the zone, the parent's DS
 * set after its TTL, each with a margin for secondaries and clocks.
 *
 * <p>A ZSK is replaced by pre-publication (RFC 7583 section 2.1), a KSK by two signatures of the
 * key set (section 2.2); a CSK by both, its data changing signer when the successor is handed to
 * the parent. Another algorithm, or another number of keys, comes as a new generation: first its
 * signatures, then its keys, then the parent, and back in the opposite order.
 */
final class Rollover {
  /**
   * What has become of the keys.
   *
   * @param due when the next step can be taken, if only time is waited for
   */
  record Outcome(List<KeyState> keys, Optional<Instant> due) {}

  private final SigningPolicy policy;
  private final Duration data;
  private final Duration keyset;
  private final Instant now;
  private final Function<KeyRole, ZoneKey> maker;
  private final List<KeyState> keys;
  private Optional<Instant> due = Optional.empty();

  private Rollover(
      SignerState state, SigningPolicy policy, Instant now, Function<KeyRole, ZoneKey> maker) {
    this.keys = new ArrayList<>(state.keys());
    this.policy = policy;
    this.data = Duration.ofSeconds(state.maxTtl()).plus(policy.safety());
    this.keyset = SigningPolicy.KEY_TTL.plus(policy.safety());
    this.now = now;
    this.maker = maker;
  }

  /**
   * Takes all steps that are due.
   *
   * @param maker makes a new key for a role
   */
  static Outcome advance(
      SignerState state, SigningPolicy policy, Instant now, Function<KeyRole, ZoneKey> maker) {
    var rollover = new Rollover(state, policy, now, maker);
    List<KeyState> before;
    do {
      before = List.copyOf(rollover.keys);
      rollover.due = Optional.empty();
      rollover.pass();
    } while (!before.equals(rollover.keys));
    return new Outcome(before, rollover.due);
  }

  private void pass() {
    if (keys.isEmpty()) {
      for (var role : roles()) {
        add(role, 1, role.entry() ? KeyPhase.INTRODUCED : KeyPhase.ACTIVE);
      }
    }
    for (var state : List.copyOf(keys)) {
      if (!keys.contains(state)) {
        continue; // a step before took it
      }
      switch (state.phase()) {
        case PRESIGNING -> {
          if (over(state.since(), data)) {
            move(state, KeyPhase.INTRODUCED);
          }
        }
        case INTRODUCED -> {
          if (state.role().entry() && over(state.since(), longer(data, keyset))) {
            submit(state);
          }
        }
        case PREPUBLISHED -> {
          if (over(state.since(), keyset)) {
            takeOver(state);
          }
        }
        case SUBMITTED -> {
          if (named(state)) {
            settle(state);
          }
        }
        case RETIRED -> {
          if (!state.role().entry() && over(state.since(), data)) {
            keys.remove(state);
          }
        }
        case POSTSIGNING -> {
          if (over(state.since(), keyset)) {
            keys.remove(state);
          }
        }
        case ACTIVE, OUTGOING -> {}
      }
    }
    replace();
  }

  private List<KeyRole> roles() {
    return switch (policy.scheme()) {
      case CSK -> List.of(KeyRole.CSK);
      case KSK_ZSK -> List.of(KeyRole.KSK, KeyRole.ZSK);
    };
  }

  private void add(KeyRole role, int generation, KeyPhase phase) {
    var key = maker.apply(role);
    while (tags().contains(key.tag())) {
      key = maker.apply(role); // a validator tells keys apart by their tags
    }
    keys.add(new KeyState(key, role, generation, phase, now, Optional.empty()));
  }

  private Set<Integer> tags() {
    var tags = new HashSet<Integer>();
    keys.forEach(k -> tags.add(k.key().tag()));
    return tags;
  }

  private KeyState move(KeyState state, KeyPhase phase) {
    var moved = state.in(phase, now);
    keys.set(keys.indexOf(state), moved);
    return moved;
  }

  /** Whether a wait is over; if not, it is waited for. */
  private boolean over(Instant since, Duration wait) {
    var end = since.plus(wait);
    if (!now.isBefore(end)) {
      return true;
    }
    due = due.filter(d -> d.isBefore(end)).or(() -> Optional.of(end));
    return false;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** From now on the parent is asked to name this key and no other. */
  private void submit(KeyState state) {
    move(state, KeyPhase.SUBMITTED);
    for (var other : List.copyOf(keys)) {
      if (other.generation() < state.generation() && other.role().entry()) {
        move(other, KeyPhase.OUTGOING);
      }
    }
  }

  /** Every validator knows the successor by now, so it may sign. */
  private void takeOver(KeyState state) {
    for (var other : List.copyOf(keys)) {
      boolean before = other.is(KeyPhase.ACTIVE) || other.is(KeyPhase.SUBMITTED);
      if (before && other.role() == state.role()) {
        move(other, KeyPhase.RETIRED);
      }
    }
    move(state, state.role().entry() ? KeyPhase.SUBMITTED : KeyPhase.ACTIVE);
  }

  /** Whether every validator knows the DS record of a key, and no data of others is remembered. */
  private boolean named(KeyState state) {
    if (state.named().isEmpty()) {
      return false; // the parent, or the operator, must say so
    }
    boolean parent = over(state.named().get(), policy.parentTtl().plus(policy.safety()));
    boolean alone = keys.size() == 1 || !state.role().zone();
    return parent && (alone || over(state.since(), data));
  }

  /** The key carries the chain of trust alone; those before it go. */
  private void settle(KeyState state) {
    move(state, KeyPhase.ACTIVE);
    for (var other : List.copyOf(keys)) {
      if (other.generation() < state.generation()) {
        if (other.role().zone()) {
          move(other, KeyPhase.POSTSIGNING);
        } else {
          keys.remove(other);
        }
      } else if (other.is(KeyPhase.RETIRED) && other.role() == state.role()) {
        keys.remove(other);
      } else if (other.is(KeyPhase.INTRODUCED)) {
        move(other, KeyPhase.ACTIVE);
      }
    }
  }

  /** Begins a rollover where one is wanted and none is under way. */
  private void replace() {
    boolean calm = keys.stream().allMatch(k -> k.is(KeyPhase.ACTIVE) || k.is(KeyPhase.SUBMITTED));
    boolean fits =
        keys.stream().allMatch(k -> k.key().algorithm() == policy.algorithm().number())
            && keys.stream().map(KeyState::role).sorted().toList().equals(roles());
    if (calm && !fits) {
      int generation = keys.stream().mapToInt(KeyState::generation).max().orElse(0) + 1;
      roles().forEach(role -> add(role, generation, KeyPhase.PRESIGNING));
      return;
    }
    for (var state : List.copyOf(keys)) {
      boolean only =
          keys.stream().filter(k -> k.role() == state.role()).count() == 1
              && keys.stream().allMatch(k -> k.generation() == state.generation());
      boolean used = state.is(KeyPhase.ACTIVE) || state.is(KeyPhase.SUBMITTED);
      if (only && used && wanted(state)) {
        add(state.role(), state.generation(), KeyPhase.PREPUBLISHED);
      }
    }
  }

  private boolean wanted(KeyState state) {
    return policy.roll().contains(state.key().tag())
        || state.is(KeyPhase.ACTIVE)
            && policy.lifetime(state.role()).map(life -> over(state.since(), life)).orElse(false);
  }
}
