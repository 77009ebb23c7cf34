package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.subnet.Subnet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The addresses of one subnet: who has which, who is offered which, and which may be chosen. */
final class SubnetLeases {
  /**
   * @param stranger the client has no record here
   */
  record Offer(Ip4 address, ClientKey client, boolean stranger, long until) {}

  final Subnet subnet;
  final LeaseIndex<Ip4> byAddress = LeaseIndex.byAddress();
  private final LeaseIndex<ClientKey> byClient = LeaseIndex.byOwner();
  private final Map<Ip4, Offer> offers;
  private final Map<ClientKey, Offer> offersByClient = new HashMap<>();
  private final List<Stock> stocks;
  private int bound;

  /**
   * @param offers those of all subnets, by address
   */
  SubnetLeases(Subnet subnet, Map<Ip4, Offer> offers) {
    this.offers = offers;
    this.subnet = subnet;
    // What is for few comes first, so that they leave the rest to everybody.
    this.stocks =
        subnet.pools().stream()
            .map(Stock::new)
            .sorted(Comparator.comparing(s -> !s.isReserved()))
            .toList();
  }

  // ---- questions

  Optional<Lease> of(ClientKey client) {
    return Optional.ofNullable(byClient.get(client));
  }

  Optional<Offer> offerTo(ClientKey client) {
    return Optional.ofNullable(offersByClient.get(client));
  }

  Optional<Offer> offerOf(Ip4 address) {
    return Optional.ofNullable(offers.get(address));
  }

  boolean isBound(Ip4 address) {
    var lease = byAddress.get(address);
    return lease != null && lease.isBound();
  }

  int bound() {
    return bound;
  }

  int offered() {
    return offersByClient.size();
  }

  /** Addresses of the pools that can be given now. */
  long free() {
    return stocks.stream().mapToLong(Stock::left).sum();
  }

  /** Whether there is no record of a client, no reservation, and no word of ours. */
  boolean isStranger(Client client) {
    return !byClient.contains(client.key())
        && !offersByClient.containsKey(client.key())
        && client.reservation(subnet).isEmpty();
  }

  /**
   * Whether clients nobody knows are offered half of all that is free and would do for this one: a
   * flood of invented clients must leave something to those that come back.
   */
  boolean strangersHaveTheirShare(Client client) {
    long all = 0;
    long offered = 0;
    for (var stock : stocks) {
      if (stock.isFor(client)) {
        all += stock.left() + stock.strangers();
        offered += stock.strangers();
      }
    }
    return all > 0 && offered >= (all + 1) / 2;
  }

  /** Whether the configuration lets this client have this address, whoever has it now. */
  boolean mayHave(Client client, Ip4 address) {
    var kept = client.reservation(subnet);
    if (kept.isPresent() && isFor(client, kept.get().address())) {
      // A reserved client stays where it is only as long as somebody else sits on its address.
      return kept.get().address().equals(address);
    }
    return stockOf(address).filter(s -> s.isFor(client)).isPresent();
  }

  private Optional<Stock> stockOf(Ip4 address) {
    for (var stock : stocks) {
      if (stock.contains(address)) {
        return Optional.of(stock);
      }
    }
    return Optional.empty();
  }

  /** Whether nobody else has, is offered, or suspiciously uses an address. */
  boolean isFor(Client client, Ip4 address) {
    var offer = offers.get(address);
    if (offer != null && !offer.client().equals(client.key())) {
      return false;
    }
    var lease = byAddress.get(address);
    return lease == null
        || switch (lease.state()) {
          case FREE -> true;
          case BOUND -> lease.isOf(client.key());
          case QUARANTINED -> false;
        };
  }

  /**
   * The address a client should be offered: what is reserved for it, what it has or had, what it is
   * offered already, what it wishes, an address never used, the one longest free.
   */
  Optional<Choice> choose(Client client, Optional<Ip4> wish) {
    var kept = client.reservation(subnet).map(Reservation::address);
    if (kept.isPresent() && isFor(client, kept.get())) {
      return Choice.of(kept.get(), "it is reserved for this client");
    }
    var own = byClient.get(client.key());
    if (own != null && isFor(client, own.address()) && mayHave(client, own.address())) {
      return Choice.of(
          own.address(), own.isBound() ? "the client has it" : "the client had it before");
    }
    var offer = offersByClient.get(client.key());
    if (offer != null && mayHave(client, offer.address())) {
      return Choice.of(offer.address(), "it is offered to the client already");
    }
    if (wish.isPresent() && mayHave(client, wish.get()) && isFor(client, wish.get())) {
      return Choice.of(wish.get(), "the client asks for it and it is free");
    }
    for (var stock : stocks) {
      var next = stock.isFor(client) ? stock.next(this::isKnown) : Optional.<Choice>empty();
      if (next.isPresent()) {
        return next;
      }
    }
    return Optional.empty();
  }

  private boolean isKnown(Ip4 address) {
    return byAddress.contains(address) || offers.containsKey(address);
  }

  /** An address with the reason for it. */
  record Choice(Ip4 address, String because) {
    static Optional<Choice> of(Ip4 address, String because) {
      return Optional.of(new Choice(address, because));
    }
  }

  // ---- changes

  /** Holds an address for a client, which has no other offer. */
  void offer(Offer offer) {
    boolean before = isTaken(offer.address());
    offers.put(offer.address(), offer);
    offersByClient.put(offer.client(), offer);
    count(offer, 1);
    settle(offer.address(), before);
  }

  /** Takes an offer back. */
  void unoffer(Offer offer) {
    boolean before = isTaken(offer.address());
    offers.remove(offer.address());
    offersByClient.remove(offer.client());
    count(offer, -1);
    settle(offer.address(), before);
  }

  private void count(Offer offer, int more) {
    if (offer.stranger()) {
      stockOf(offer.address()).ifPresent(s -> s.strangers(more));
    }
  }

  /** Forgets whom a lease belongs to; before that changes. */
  void displace(Lease lease) {
    if (lease.hasOwner()) {
      byClient.remove(lease.owner(), lease);
    }
  }

  /** Puts a lease in its place after its state, owner or end changed. */
  void place(Lease lease, ClientKey owner, LeaseState stateBefore) {
    var address = lease.address();
    byAddress.put(address, lease);
    if (lease.hasOwner()) {
      byClient.put(owner, lease);
    }
    bound += (lease.isBound() ? 1 : 0) - (stateBefore == LeaseState.BOUND ? 1 : 0);
    settle(address, offers.containsKey(address) || stateBefore != LeaseState.FREE);
  }

  private boolean isTaken(Ip4 address) {
    var lease = byAddress.get(address);
    return offers.containsKey(address) || lease != null && lease.state() != LeaseState.FREE;
  }

  /** Puts an address among those that wait to be given, or takes it from there. */
  private void settle(Ip4 address, boolean before) {
    var stock = stockOf(address);
    if (stock.isEmpty()) {
      return;
    }
    boolean taken = isTaken(address);
    stock.get().taken((taken ? 1 : 0) - (before ? 1 : 0));
    if (taken) {
      stock.get().take(address);
    } else {
      var lease = byAddress.get(address);
      stock.get().put(address, lease == null ? Stock.NEVER_USED : lease.until);
    }
  }
}
