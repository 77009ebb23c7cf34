package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.HardwareAddress;
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
  private final Map<String, Lease> names = new HashMap<>();
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
    at.of(client.key()).filter(l -> !l.isAt(address)).ifPresent(l -> leave(at, l, now, out));
    var known = at.byAddress.get(address);
    var lease = known != null ? known : new Lease(address, client.hardware(), now);
    boolean renewed = lease.isBound();
    long until = now + time.toNanos();
    var name = label.filter(l -> isFree(l, address)).orElse("");
    boolean promisedAlready =
        renewed
            && lease.isOf(client.key())
            && lease.isFrom(client.hardware())
            && lease.name().equals(name)
            && until <= lease.durableUntil;
    if (!lease.name().equals(name)) {
      unname(lease, out);
    }
    change(at, lease, LeaseState.BOUND, client.key(), client.hardware(), until);
    name(lease, name);
    if (!promisedAlready) {
      lease.durableUntil = until + time.toNanos() / AHEAD;
      keep(lease, now, out);
    }
    return renewed;
  }

  /** The client has moved on to another address: nobody is remembered here. */
  private void leave(SubnetLeases at, Lease lease, long now, Consumer<? super Action> out) {
    boolean wasBound = lease.isBound();
    unname(lease, out);
    lease.label = "";
    var hardware = lease.hardware();
    change(at, lease, LeaseState.FREE, ClientKey.NOBODY, hardware, wasBound ? now : lease.until);
    keep(lease, now, out);
    if (wasBound) {
      out.accept(
          new Action.Tell(new DhcpEvent.Released(hardware, lease.address()), Outcome.RELEASED));
    }
  }

  /** The lease has ended; its client is remembered. */
  void release(
      SubnetLeases at, Lease lease, Outcome outcome, long now, Consumer<? super Action> out) {
    unname(lease, out);
    change(at, lease, LeaseState.FREE, lease.owner(), lease.hardware(), now);
    keep(lease, now, out);
    out.accept(new Action.Tell(new DhcpEvent.Released(lease.hardware(), lease.address()), outcome));
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
    var lease = known != null ? known : new Lease(address, seenBy.hardware(), now);
    unname(lease, out);
    change(
        at,
        lease,
        LeaseState.QUARANTINED,
        ClientKey.NOBODY,
        lease.hardware(),
        now + policy.quarantine().toNanos());
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
    switch (lease.state()) {
      case BOUND -> release(at, lease, Outcome.EXPIRED, now, out);
      case QUARANTINED -> {
        change(at, lease, LeaseState.FREE, ClientKey.NOBODY, lease.hardware(), now);
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
      timers.set(deadline, lease.address());
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

  private void change(
      SubnetLeases at,
      Lease lease,
      LeaseState state,
      ClientKey owner,
      HardwareAddress hardware,
      long until) {
    var stateBefore = lease.state();
    if (!lease.isOf(owner)) {
      at.displace(lease);
    }
    lease.state(state);
    lease.who(owner, hardware);
    lease.until = until;
    if (state != LeaseState.BOUND) {
      lease.durableUntil = 0;
    }
    bound += (state == LeaseState.BOUND ? 1 : 0) - (stateBefore == LeaseState.BOUND ? 1 : 0);
    at.place(lease, owner, stateBefore);
    arm(lease);
  }

  private void keep(Lease lease, long now, Consumer<? super Action> out) {
    lastWritten = now;
    out.accept(new Action.Keep(lease.record(now)));
  }

  // ---- names

  private boolean isFree(String label, Ip4 address) {
    var holder = names.get(label);
    return holder == null || holder.isAt(address);
  }

  /** Gives a bound lease its name; none if empty. */
  private void name(Lease lease, String name) {
    lease.label = name;
    if (!name.isEmpty()) {
      names.put(name, lease);
    }
  }

  /** A lease that ends, or changes its name, has its name no longer; the label tells which. */
  private void unname(Lease lease, Consumer<? super Action> out) {
    claim(lease).ifPresent(c -> out.accept(new Action.Unname(c)));
    names.remove(lease.name(), lease);
  }

  /** What DNS shall hold for a lease; empty if it has no name or names are not kept in DNS. */
  Optional<NameClaim> claim(Lease lease) {
    return lease.name().isEmpty()
        ? Optional.empty()
        : policy
            .zone()
            .map(zone -> new NameClaim(lease.label + "." + zone, lease.address(), lease.owner()));
  }

  /** What DNS may still hold of a lease that has ended. */
  Optional<NameClaim> lapsed(Lease lease) {
    return lease.state() != LeaseState.FREE
            || !lease.hasOwner()
            || lease.label.isEmpty()
            || names.containsKey(lease.label)
        ? Optional.empty()
        : policy
            .zone()
            .map(zone -> new NameClaim(lease.label + "." + zone, lease.address(), lease.owner()));
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
    var known = at.byAddress.get(record.address());
    var lease =
        known != null ? known : new Lease(record.address(), record.hardware(), record.until());
    unname(lease, action -> {});
    change(at, lease, record.state(), record.owner(), record.hardware(), record.until());
    switch (record.state()) {
      case BOUND -> name(lease, isFree(record.name(), record.address()) ? record.name() : "");
      case FREE -> lease.label = record.name();
      case QUARANTINED -> lease.label = "";
    }
    lease.durableUntil = record.state() == LeaseState.BOUND ? record.until() : 0;
  }

  /** Everything worth keeping, for a fresh lease file. */
  Stream<LeaseRecord> records(long now) {
    return Stream.concat(
        Stream.concat(Stream.of(LeaseRecord.mark(now)), elsewhere.stream()),
        bySubnet.values().stream().flatMap(s -> s.byAddress.all()).map(l -> l.record(now)));
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
