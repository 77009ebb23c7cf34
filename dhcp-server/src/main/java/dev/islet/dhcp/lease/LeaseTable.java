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
  private final Timers timers = new Timers();
  private Policy policy;
  private Subnets subnets;
  private long lastWritten;

  LeaseTable(Policy policy, Subnets subnets) {
    this.policy = policy;
    this.subnets = subnets;
    subnets.all().forEach(s -> bySubnet.put(s, new SubnetLeases(s)));
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
    return Math.min(timers.next(), mark());
  }

  /** While leases run, the file must say now and then how far time has come. */
  private long mark() {
    boolean running = bySubnet.values().stream().anyMatch(s -> s.bound() > 0);
    return running ? lastWritten + policy.mark().toNanos() : Engine.NEVER;
  }

  // ---- changes

  void offer(SubnetLeases at, Client client, Ip4 address, long now) {
    at.offerTo(client.key()).ifPresent(o -> unoffer(at, o));
    var offer =
        new SubnetLeases.Offer(
            address, client.key(), at.isStranger(client), now + policy.offerHold().toNanos());
    at.offer(offer);
    timers.set(offer.until(), address, Timers.Kind.OFFER);
  }

  void unoffer(SubnetLeases at, SubnetLeases.Offer offer) {
    timers.cancel(offer.until(), offer.address(), Timers.Kind.OFFER);
    at.unoffer(offer);
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
    at.offerTo(client.key()).ifPresent(o -> unoffer(at, o));
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
    at.offerOf(address).ifPresent(o -> unoffer(at, o));
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
    for (var due = timers.due(now); due.isPresent(); due = timers.due(now)) {
      var timer = due.get();
      subnets.at(timer.address()).map(this::of).ifPresent(at -> end(at, timer, now, out));
    }
    if (mark() <= now) {
      lastWritten = now;
      out.accept(new Action.Keep(LeaseRecord.mark(now)));
    }
  }

  private void end(SubnetLeases at, Timers.Timer timer, long now, Consumer<? super Action> out) {
    switch (timer.kind()) {
      case OFFER -> at.offerOf(timer.address()).ifPresent(at::unoffer);
      case LEASE -> {
        var lease = at.byAddress.get(timer.address());
        if (lease == null) {
          return;
        }
        switch (lease.state) {
          case BOUND -> release(at, lease, Outcome.EXPIRED, now, out);
          case QUARANTINED -> {
            change(at, lease, LeaseState.FREE, ClientKey.NOBODY, now);
            keep(lease, now, out);
          }
          case FREE -> {} // a FREE lease sets no timer
        }
      }
      case PROBE -> throw new IllegalStateException("probes have timers of their own");
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
    timers.cancel(lease.deadline(), lease.address, Timers.Kind.LEASE);
    lease.state = state;
    lease.owner = owner;
    lease.until = until;
    if (state != LeaseState.BOUND) {
      lease.durableUntil = 0;
    }
    at.place(lease, before, stateBefore);
    timers.set(lease.deadline(), lease.address, Timers.Kind.LEASE);
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
    fresh.all().forEach(s -> bySubnet.put(s, new SubnetLeases(s)));
    records.forEach(this::restore);
  }

  Policy policy() {
    return policy;
  }
}
