package dev.islet.dhcp.lease6;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.name.Naming;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Who has which address and prefix. What has ended is forgotten: a client that comes back is led to
 * the same place by the digest of its identity, if that is still free.
 */
final class Bindings {
  /** More than any network this server is made for; a bound for what strangers can make us keep. */
  static final int MOST = 200_000;

  /** How many places are looked at before a pool counts as full. */
  private static final int PROBES = 4_096;

  /** An address (length 128) or a prefix. */
  record Place(Ip6 address, int length) {}

  /** One association of a client (RFC 8415 section 4.2). */
  record Owner(Octets duid, int iaid, boolean prefixes) {}

  /** One place that somebody has, or that rests. */
  static final class Binding {
    final Place place;
    final Optional<Owner> owner;
    long until;

    /** When it is looked at; not behind its end. */
    private long due;

    /** What the lease file says; at least what was promised, 0 if it is not known to be there. */
    long durableUntil;

    /** The label it has in DNS, or empty. */
    private String label = "";

    private Binding(Place place, Optional<Owner> owner) {
      this.place = place;
      this.owner = owner;
    }
  }

  private record Due(long at, Place place) {}

  private final Map<Place, Binding> byPlace = new HashMap<>();
  private final Map<Owner, Binding> byOwner = new HashMap<>();
  private final TreeSet<Due> due =
      new TreeSet<>(
          Comparator.comparingLong(Due::at)
              .thenComparing(d -> d.place().address())
              .thenComparing(d -> d.place().length()));
  private final Duration mark;
  private final Optional<Naming> naming;
  private final Map<String, Binding> names = new HashMap<>();

  /** What DNS may still hold of what had ended when the server began. */
  private final Map<String, NameClaim> lapsed = new HashMap<>();

  private long lastWritten;

  Bindings(Duration mark, Optional<Naming> naming) {
    this.mark = mark;
    this.naming = naming;
  }

  Optional<Binding> of(Owner owner) {
    return Optional.ofNullable(byOwner.get(owner));
  }

  int bound() {
    return byOwner.size();
  }

  /** Whether nobody else has the place. */
  boolean isFor(Owner owner, Place place) {
    var binding = byPlace.get(place);
    return binding == null || binding.owner.filter(owner::equals).isPresent();
  }

  /**
   * A place of the pool that nobody has and that is kept for nobody, the same for a client each
   * time.
   */
  Optional<Place> choose(Network6 network, Pool6 pool, Owner owner) {
    long start = Long.remainderUnsigned(digest(owner), pool.count());
    for (long i = 0; i < Math.min(PROBES, pool.count()); i++) {
      long index =
          start + i < pool.count() && start + i >= 0 ? start + i : start + i - pool.count();
      var address = pool.at(index);
      var place = new Place(address, pool.length());
      // The lowest address of a network is that of its routers (RFC 4291 section 2.6.1).
      boolean anycast = pool.length() == 128 && Ip6.of(network.prefix().address()).equals(address);
      if (!anycast && !byPlace.containsKey(place) && !network.isKept(address, pool.length())) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private static long digest(Owner owner) {
    long hash = 0xcbf29ce484222325L ^ owner.iaid();
    for (int i = 0; i < owner.duid().size(); i++) {
      hash = (hash ^ owner.duid().at(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0x9E3779B97F4A7C15L;
    return hash ^ hash >>> 29;
  }

  /**
   * Gives a place, or gives it for longer.
   *
   * @param label the name the client shall have in DNS; it gets none if somebody else has it
   * @return whether the client had it already
   */
  boolean grant(
      Owner owner,
      Place place,
      Duration valid,
      Optional<String> label,
      long now,
      Consumer<? super Action6> out) {
    of(owner).filter(b -> !b.place.equals(place)).ifPresent(b -> end(b, now, out));
    var known = byPlace.get(place);
    var binding = known == null ? new Binding(place, Optional.of(owner)) : known;
    binding.until = now + valid.toNanos();
    put(binding);
    boolean renamed = rename(binding, label.filter(l -> mayName(owner, l)).orElse(""), out);
    if (known == null || renamed || binding.until > binding.durableUntil) {
      // The file reaches half a lifetime ahead, so that most renewals write nothing.
      binding.durableUntil = binding.until + valid.toNanos() / 2;
      keep(binding, now, out);
    }
    return known != null;
  }

  private void put(Binding binding) {
    if (byPlace.put(binding.place, binding) == null) {
      look(binding);
    }
    binding.owner.ifPresent(o -> byOwner.put(o, binding));
  }

  private void look(Binding binding) {
    binding.due = binding.until;
    due.add(new Due(binding.due, binding.place));
  }

  /** Nobody has it any more. */
  void end(Binding binding, long now, Consumer<? super Action6> out) {
    forget(binding);
    lastWritten = now;
    out.accept(new Action6.Keep(record(binding, LeaseState.FREE, now, now)));
    rename(binding, "", out);
  }

  // ---- names

  /** Whether a client may have a name: for one of its addresses, if nobody else has it. */
  boolean mayName(Owner owner, String label) {
    var holder = names.get(label);
    return !owner.prefixes() && (holder == null || holder.owner.filter(owner::equals).isPresent());
  }

  private boolean rename(Binding binding, String label, Consumer<? super Action6> out) {
    if (binding.label.equals(label)) {
      return false;
    }
    claim(binding).ifPresent(c -> out.accept(new Action6.Unname(c)));
    names.remove(binding.label, binding);
    binding.label = label;
    if (!label.isEmpty()) {
      names.put(label, binding);
    }
    return true;
  }

  /** What DNS shall hold for a client's address. */
  Optional<NameClaim> claim(Owner owner, Place place, String label) {
    return label.isEmpty() || place.length() != 128
        ? Optional.empty()
        : naming.map(
            n ->
                new NameClaim(
                    n.full(label),
                    place.address(),
                    new ClientKey(ClientKey.Kind.DUID, owner.duid())));
  }

  private Optional<NameClaim> claim(Binding binding) {
    return binding.owner.flatMap(o -> claim(o, binding.place, binding.label));
  }

  /** What DNS should hold at this moment. */
  List<NameClaim> names() {
    return names.values().stream().flatMap(b -> claim(b).stream()).toList();
  }

  /** What had ended when the server began and whose name nobody has taken; told once. */
  List<NameClaim> lapsedNames() {
    names.values().forEach(b -> claim(b).ifPresent(c -> lapsed.remove(c.name())));
    var all = List.copyOf(lapsed.values());
    lapsed.clear();
    return all;
  }

  // ---- time

  private void forget(Binding binding) {
    byPlace.remove(binding.place);
    due.remove(new Due(binding.due, binding.place));
    binding.owner.ifPresent(o -> byOwner.remove(o, binding));
  }

  /** Somebody unknown uses it. */
  void quarantine(Binding binding, Duration rest, long now, Consumer<? super Action6> out) {
    forget(binding);
    rename(binding, "", out);
    var resting = new Binding(binding.place, Optional.empty());
    resting.until = now + rest.toNanos();
    put(resting);
    keep(resting, now, out);
  }

  private void keep(Binding binding, long now, Consumer<? super Action6> out) {
    lastWritten = now;
    out.accept(new Action6.Keep(record(binding, now)));
  }

  /** What ends by time; the ended ones are told. */
  void onTime(long now, Consumer<? super Action6> out, Consumer<Binding> ended) {
    while (!due.isEmpty() && due.first().at() <= now) {
      var first = due.removeFirst();
      var binding = byPlace.get(first.place());
      if (binding == null) {
        throw new IllegalStateException(first + " is of nothing");
      }
      if (binding.until > now) {
        look(binding); // renewed since
        continue;
      }
      end(binding, now, out);
      ended.accept(binding);
    }
    if (marksAt() <= now) {
      lastWritten = now;
      out.accept(new Action6.Keep(Lease6Record.mark(now)));
    }
  }

  long deadline() {
    return Math.min(due.isEmpty() ? Engine.NEVER : due.first().at(), marksAt());
  }

  /** While anything runs, the file must say now and then how far time has come. */
  private long marksAt() {
    return byPlace.isEmpty() ? Engine.NEVER : lastWritten + mark.toNanos();
  }

  void notStored(Ip6 address) {
    byPlace.forEach(
        (place, binding) -> {
          if (place.address().equals(address)) {
            binding.durableUntil = 0;
          }
        });
  }

  void restore(Lease6Record record) {
    lastWritten = Math.max(lastWritten, record.at());
    if (record.isMark()) {
      return;
    }
    var place = new Place(record.address(), record.length());
    var known = byPlace.get(place);
    if (known != null) {
      forget(known);
      rename(known, "", action -> {});
    }
    if (record.state() == LeaseState.FREE) {
      claim(new Owner(record.duid(), record.iaid(), false), place, record.name())
          .ifPresent(c -> lapsed.put(c.name(), c));
      return;
    }
    var owner =
        record.state() == LeaseState.BOUND
            ? Optional.of(new Owner(record.duid(), record.iaid(), record.length() != 128))
            : Optional.<Owner>empty();
    var binding = new Binding(place, owner);
    binding.until = record.until();
    binding.durableUntil = record.until();
    put(binding);
    rename(binding, record.name(), action -> {});
  }

  Stream<Lease6Record> records(long now) {
    return Stream.concat(
        Stream.of(Lease6Record.mark(now)), byPlace.values().stream().map(b -> record(b, now)));
  }

  /** As the clients know them. */
  Stream<Lease6Record> promises(long now) {
    return byPlace.values().stream().map(b -> record(b, state(b), b.until, now));
  }

  private static Lease6Record record(Binding b, long now) {
    return record(b, state(b), Math.max(b.until, b.durableUntil), now);
  }

  private static LeaseState state(Binding b) {
    return b.owner.isPresent() ? LeaseState.BOUND : LeaseState.QUARANTINED;
  }

  private static Lease6Record record(Binding b, LeaseState state, long until, long now) {
    return new Lease6Record(
        b.place.address(),
        b.place.length(),
        state,
        b.owner.map(Owner::duid).orElse(Octets.EMPTY),
        b.owner.map(Owner::iaid).orElse(0),
        until,
        b.label,
        now);
  }
}
