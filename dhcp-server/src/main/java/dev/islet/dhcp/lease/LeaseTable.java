package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.subnet.Subnets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All leases, their timers and their names; every change that must last leaves as a record. */
final class LeaseTable {
  /**
   * How far ahead of the promise the lease file reaches, as a part of the lease. A renewal within
   * that reach needs no write, since the file already promises at least as much.
   */
  private static final int AHEAD = 2;

  private final Map<Subnet, SubnetLeases> bySubnet = new LinkedHashMap<>();
  private final List<LeaseRecord> elsewhere = new ArrayList<>();
  private final Map<String, Ip4> names = new HashMap<>();
  private final LeaseTimers timers = new LeaseTimers();

  /** Of all subnets, the one made first in front: all are held for the same time. */
  private final LinkedHashMap<Ip4, SubnetLeases.Offer> offers = new LinkedHashMap<>();

  private Policy policy;
  private Subnets subnets;
  private long lastWritten;
  private int bound;

  LeaseTable(Policy policy, Subnets subnets) {
    this.policy = policy;
    this.subnets = subnets;
    subnets.all().forEach(s -> bySubnet.put(s, new SubnetLeases(s, offers)));
  }

  SubnetLeases of(Subnet subnet) {
    var leases = bySubnet.get(subnet);
    if (leases == null) {
      throw new IllegalArgumentException(subnet + " is not one of ours");
    }
    return leases;
  }

  Iterable<SubnetLeases> all() {
    return bySubnet.values();
  }

  Subnets subnets() {
    return subnets;
  }

  long deadline() {
    return Math.min(Math.min(timers.next(), offersEnd()), mark());
  }

  /** While leases run, the file must say now and then how far time has come. */
  private long mark() {
    return bound > 0 ? lastWritten + policy.mark().toNanos() : Engine.NEVER;
  }

  private long offersEnd() {
    return offers.isEmpty() ? Engine.NEVER : offers.firstEntry().getValue().until();
  }

  // ---- changes

  void offer(SubnetLeases at, Client client, Ip4 address, long now) {
    at.offerTo(client.key()).ifPresent(at::unoffer);
    var offer =
        new SubnetLeases.Offer(
            address, client.key(), at.isStranger(client), now + policy.offerHold().toNanos());
    at.offer(offer);
  }

  /** Gives an address that was found to be free for the client; whether it had it already. */
  boolean grant(
      SubnetLeases at,
      Client client,
      Ip4 address,
      Duration time,
      Optional<String> label,
      long now,
      Consumer<? super Action> out) {
    at.offerTo(client.key()).ifPresent(at::unoffer);
    at.of(client.key())
        .filter(l -> !l.address.equals(address))
        .ifPresent(l -> leave(at, l, now, out));
    var known = at.byAddress.get(address);
    var lease =
        known != null
            ? known
            : new Lease(address, LeaseState.FREE, ClientKey.NOBODY, client.hardware(), now);
    boolean renewed = lease.state == LeaseState.BOUND;
    long until = now + time.toNanos();
    var name = label.filter(l -> isFree(l, address)).orElse("");
    boolean promisedAlready =
        renewed
            && lease.owner.equals(client.key())
            && lease.hardware.equals(client.hardware())
            && lease.name.equals(name)
            && until <= lease.durableUntil;
    rename(lease, name, out);
    lease.lastName = "";
    change(at, lease, LeaseState.BOUND, client.key(), until);
    lease.hardware = client.hardware();
    if (!promisedAlready) {
      lease.durableUntil = until + time.toNanos() / AHEAD;
      keep(lease, now, out);
    }
    return renewed;
  }

  /** The client has moved on to another address: nobody is remembered here. */
  private void leave(SubnetLeases at, Lease lease, long now, Consumer<? super Action> out) {
    boolean wasBound = lease.state == LeaseState.BOUND;
    rename(lease, "", out);
    lease.lastName = "";
    change(at, lease, LeaseState.FREE, ClientKey.NOBODY, wasBound ? now : lease.until);
    keep(lease, now, out);
    if (wasBound) {
      out.accept(
          new Action.Tell(new DhcpEvent.Released(lease.hardware, lease.address), Outcome.RELEASED));
    }
  }

  /** The lease has ended; its client is remembered. */
  void release(
      SubnetLeases at, Lease lease, Outcome outcome, long now, Consumer<? super Action> out) {
    rename(lease, "", out);
    change(at, lease, LeaseState.FREE, lease.owner, now);
    keep(lease, now, out);
    out.accept(new Action.Tell(new DhcpEvent.Released(lease.hardware, lease.address), outcome));
  }

  /** The address is in use by somebody unknown. */
  void quarantine(
      SubnetLeases at,
      Ip4 address,
      Client seenBy,
      String why,
      Outcome outcome,
      long now,
      Consumer<? super Action> out) {
    at.offerOf(address).ifPresent(at::unoffer);
    var known = at.byAddress.get(address);
    var lease =
        known != null
            ? known
            : new Lease(address, LeaseState.FREE, ClientKey.NOBODY, seenBy.hardware(), now);
    rename(lease, "", out);
    change(
        at, lease, LeaseState.QUARANTINED, ClientKey.NOBODY, now + policy.quarantine().toNanos());
    keep(lease, now, out);
    out.accept(
        new Action.Tell(new DhcpTrace.Quarantined(address, policy.quarantine(), why), outcome));
  }

  void onTime(long now, Consumer<? super Action> out) {
    while (offersEnd() <= now) {
      var offer = offers.firstEntry().getValue();
      of(subnets.at(offer.address()).orElseThrow()).unoffer(offer);
    }
    while (timers.next() <= now) {
      long due = timers.next();
      var address = timers.take();
      subnets.at(address).map(this::of).ifPresent(at -> end(at, address, due, now, out));
    }
    if (mark() <= now) {
      lastWritten = now;
      out.accept(new Action.Keep(LeaseRecord.mark(now)));
    }
  }

  private void end(SubnetLeases at, Ip4 address, long due, long now, Consumer<? super Action> out) {
    var lease = at.byAddress.get(address);
    if (lease == null) {
      return;
    }
    if (lease.timer == due) {
      lease.timer = Engine.NEVER;
    }
    if (lease.deadline() > now) {
      arm(lease); // renewed since, or ended early
      return;
    }
    switch (lease.state) {
      case BOUND -> release(at, lease, Outcome.EXPIRED, now, out);
      case QUARANTINED -> {
        change(at, lease, LeaseState.FREE, ClientKey.NOBODY, now);
        keep(lease, now, out);
      }
      case FREE -> {} // it has no deadline
    }
  }

  /** A timer that comes sooner than needed will do: when it is due, it is set anew. */
  private void arm(Lease lease) {
    long deadline = lease.deadline();
    if (deadline < lease.timer) {
      lease.timer = deadline;
      timers.set(deadline, lease.address);
    }
  }

  /** What was written about these addresses did not get to the disk. */
  void notStored(List<Ip4> addresses) {
    for (var address : addresses) {
      subnets
          .at(address)
          .map(s -> of(s).byAddress.get(address))
          .ifPresent(lease -> lease.durableUntil = 0);
    }
  }

  private void change(SubnetLeases at, Lease lease, LeaseState state, ClientKey owner, long until) {
    var before = lease.owner;
    var stateBefore = lease.state;
    lease.state = state;
    lease.owner = owner;
    lease.until = until;
    if (state != LeaseState.BOUND) {
      lease.durableUntil = 0;
    }
    bound += (state == LeaseState.BOUND ? 1 : 0) - (stateBefore == LeaseState.BOUND ? 1 : 0);
    at.place(lease, before, stateBefore);
    arm(lease);
  }

  private void keep(Lease lease, long now, Consumer<? super Action> out) {
    lastWritten = now;
    out.accept(new Action.Keep(lease.record(now)));
  }

  // ---- names

  private boolean isFree(String label, Ip4 address) {
    return names.getOrDefault(label, address).equals(address);
  }

  private void rename(Lease lease, String name, Consumer<? super Action> out) {
    if (lease.name.equals(name)) {
      return;
    }
    claim(lease).ifPresent(c -> out.accept(new Action.Unname(c)));
    if (!lease.name.isEmpty()) {
      names.remove(lease.name, lease.address);
      lease.lastName = lease.name;
    }
    lease.name = name;
    if (!name.isEmpty()) {
      names.put(name, lease.address);
    }
  }

  /** What DNS shall hold for a lease; empty if it has no name or names are not kept in DNS. */
  Optional<NameClaim> claim(Lease lease) {
    return lease.name.isEmpty()
        ? Optional.empty()
        : policy
            .zone()
            .map(zone -> new NameClaim(lease.name + "." + zone, lease.address, lease.owner));
  }

  /** What DNS may still hold of a lease that has ended. */
  Optional<NameClaim> lapsed(Lease lease) {
    return lease.state != LeaseState.FREE
            || lease.owner.kind() == ClientKey.Kind.NOBODY
            || lease.lastName.isEmpty()
            || names.containsKey(lease.lastName)
        ? Optional.empty()
        : policy
            .zone()
            .map(zone -> new NameClaim(lease.lastName + "." + zone, lease.address, lease.owner));
  }

  /** What DNS would hold if the client were given the address. */
  Optional<NameClaim> claim(Client client, Ip4 address, Optional<String> label) {
    return label
        .filter(l -> isFree(l, address))
        .flatMap(
            l -> policy.zone().map(zone -> new NameClaim(l + "." + zone, address, client.key())));
  }

  // ---- before and after

  /** Takes a record from the lease file; call in the order they were written. */
  void restore(LeaseRecord record) {
    lastWritten = Math.max(lastWritten, record.at());
    var subnet = record.isMark() ? Optional.<Subnet>empty() : subnets.at(record.address());
    if (subnet.isEmpty()) {
      if (!record.isMark()) {
        elsewhere.removeIf(r -> r.address().equals(record.address()));
        elsewhere.add(record);
      }
      return;
    }
    var at = of(subnet.get());
    Consumer<Action> nowhere = action -> {};
    var known = at.byAddress.get(record.address());
    var lease =
        known != null
            ? known
            : new Lease(
                record.address(),
                LeaseState.FREE,
                ClientKey.NOBODY,
                record.hardware(),
                record.until());
    boolean named = record.state() == LeaseState.BOUND && isFree(record.name(), lease.address);
    rename(lease, named ? record.name() : "", nowhere);
    lease.lastName = record.state() == LeaseState.FREE ? record.name() : "";
    change(at, lease, record.state(), record.owner(), record.until());
    lease.hardware = record.hardware();
    lease.durableUntil = record.state() == LeaseState.BOUND ? record.until() : 0;
  }

  /** Everything worth keeping, for a fresh lease file. */
  Stream<LeaseRecord> records(long now) {
    return Stream.concat(
        Stream.concat(Stream.of(LeaseRecord.mark(now)), elsewhere.stream()),
        bySubnet.values().stream()
            .flatMap(s -> s.byAddress.values().stream())
            .map(l -> l.record(now)));
  }

  /** Puts all leases under new subnets; offers are forgotten. */
  void reconfigure(Policy rules, Subnets fresh, long now) {
    var records = records(now).toList();
    policy = rules;
    subnets = fresh;
    bySubnet.clear();
    elsewhere.clear();
    names.clear();
    timers.clear();
    offers.clear();
    bound = 0;
    fresh.all().forEach(s -> bySubnet.put(s, new SubnetLeases(s, offers)));
    records.forEach(this::restore);
  }

  Policy policy() {
    return policy;
  }
}
