package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.subnet.Pool;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.subnet.Subnet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The addresses of one subnet: who has which, who is offered which, and which comes next.
 *
 * <p>Choosing takes no search, however full the pool is. Addresses never given come from a cursor
 * that walks the pool once; addresses that came back wait in a set ordered by how long they have
 * been free, so that the one whose last client has been away longest goes first.
 */
final class SubnetLeases {
  /** Free since before anything was recorded: offered once and never taken. */
  static final long NEVER_USED = Long.MIN_VALUE;

  record Offer(Ip4 address, ClientKey client, long until) {}

  private record Free(long since, Ip4 address) {}

  final Subnet subnet;
  final Map<Ip4, Lease> byAddress = new HashMap<>();
  private final Map<ClientKey, Lease> byClient = new HashMap<>();
  private final Map<Ip4, Offer> offers = new HashMap<>();
  private final Map<ClientKey, Offer> offersByClient = new HashMap<>();
  private final TreeSet<Free> free =
      new TreeSet<>(Comparator.comparingLong(Free::since).thenComparing(Free::address));
  private final Map<Ip4, Free> freeByAddress = new HashMap<>();
  private final Pool.Cursor cursor;
  private int bound;

  SubnetLeases(Subnet subnet) {
    this.subnet = subnet;
    this.cursor = subnet.pool().cursor();
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
    return lease != null && lease.state == LeaseState.BOUND;
  }

  int bound() {
    return bound;
  }

  /** Addresses of the pool that can be given now. */
  long free() {
    return free.size() + untouched();
  }

  private long untouched() {
    // The cursor has passed what it gave; what a client chose itself is taken ahead of it.
    long taken = 0;
    for (var address : byAddress.keySet()) {
      taken += cursor.isAhead(address) ? 1 : 0;
    }
    for (var address : offers.keySet()) {
      taken += cursor.isAhead(address) && !byAddress.containsKey(address) ? 1 : 0;
    }
    for (var address : freeByAddress.keySet()) {
      taken +=
          cursor.isAhead(address) && !byAddress.containsKey(address) && !offers.containsKey(address)
              ? 1
              : 0;
    }
    return cursor.left() - taken;
  }

  int offered() {
    return offers.size();
  }

  /** Whether the configuration lets this client have this address, whoever has it now. */
  boolean mayHave(Client client, Ip4 address) {
    var kept = subnet.reservation(client.clientId(), client.hardware());
    if (kept.isPresent() && isFor(client, kept.get().address())) {
      // A reserved client stays where it is only as long as somebody else sits on its address.
      return kept.get().address().equals(address);
    }
    return subnet.pool().contains(address);
  }

  /** Whether nobody else has, is offered, or suspiciously uses an address. */
  boolean isFor(Client client, Ip4 address) {
    var offer = offers.get(address);
    if (offer != null && !offer.client().equals(client.key())) {
      return false;
    }
    var lease = byAddress.get(address);
    return lease == null
        || switch (lease.state) {
          case FREE -> true;
          case BOUND -> lease.owner.equals(client.key());
          case QUARANTINED -> false;
        };
  }

  /**
   * The address a client should be offered: what is reserved for it, what it has or had, what it is
   * offered already, what it wishes, an address never used, the one longest free.
   */
  Optional<Choice> choose(Client client, Optional<Ip4> wish) {
    var kept = subnet.reservation(client.clientId(), client.hardware()).map(Reservation::address);
    if (kept.isPresent() && isFor(client, kept.get())) {
      return Choice.of(kept.get(), "it is reserved for this client");
    }
    var own = byClient.get(client.key());
    if (own != null && isFor(client, own.address) && mayHave(client, own.address)) {
      return Choice.of(
          own.address,
          own.state == LeaseState.BOUND ? "the client has it" : "the client had it before");
    }
    var offer = offersByClient.get(client.key());
    if (offer != null && mayHave(client, offer.address())) {
      return Choice.of(offer.address(), "it is offered to the client already");
    }
    if (wish.isPresent() && subnet.pool().contains(wish.get()) && isFor(client, wish.get())) {
      return Choice.of(wish.get(), "the client asks for it and it is free");
    }
    return next();
  }

  private Optional<Choice> next() {
    if (!free.isEmpty() && free.first().since() == NEVER_USED) {
      return Choice.of(free.first().address(), "nobody ever had it");
    }
    while (cursor.hasNext()) {
      var address = cursor.next();
      if (!byAddress.containsKey(address)
          && !offers.containsKey(address)
          && !freeByAddress.containsKey(address)) {
        // Waits among the free ones, so that it is not lost if nobody takes it now.
        markFree(address, NEVER_USED);
        return Choice.of(address, "nobody ever had it");
      }
    }
    return free.isEmpty()
        ? Optional.empty()
        : Choice.of(free.first().address(), "it has been free for longest");
  }

  /** An address with the reason for it. */
  record Choice(Ip4 address, String because) {
    static Optional<Choice> of(Ip4 address, String because) {
      return Optional.of(new Choice(address, because));
    }
  }

  // ---- changes

  /** Holds an address for a client; takes back what it was offered before. */
  void offer(Offer offer) {
    markTaken(offer.address());
    offers.put(offer.address(), offer);
    offersByClient.put(offer.client(), offer);
  }

  /** Takes an offer back. */
  void unoffer(Offer offer) {
    offers.remove(offer.address());
    offersByClient.remove(offer.client());
    var lease = byAddress.get(offer.address());
    if (lease == null) {
      markFree(offer.address(), NEVER_USED);
    } else if (lease.state == LeaseState.FREE) {
      markFree(lease.address, lease.until);
    }
  }

  /** Puts a lease in its place after its state, owner or end changed. */
  void place(Lease lease, ClientKey before, LeaseState stateBefore) {
    byAddress.put(lease.address, lease);
    if (byClient.get(before) == lease) {
      byClient.remove(before);
    }
    if (lease.owner.kind() != ClientKey.Kind.NOBODY) {
      byClient.put(lease.owner, lease);
    }
    bound += (lease.state == LeaseState.BOUND ? 1 : 0) - (stateBefore == LeaseState.BOUND ? 1 : 0);
    markTaken(lease.address);
    if (lease.state == LeaseState.FREE && !offers.containsKey(lease.address)) {
      markFree(lease.address, lease.until);
    }
  }

  private void markFree(Ip4 address, long since) {
    if (subnet.pool().contains(address)) {
      markTaken(address);
      var entry = new Free(since, address);
      free.add(entry);
      freeByAddress.put(address, entry);
    }
  }

  private void markTaken(Ip4 address) {
    var entry = freeByAddress.remove(address);
    if (entry != null) {
      free.remove(entry);
    }
  }
}
