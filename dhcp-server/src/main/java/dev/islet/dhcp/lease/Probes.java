package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.Ip4;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses that are to be offered as soon as it is sure enough that nobody uses them (RFC 2131
 * section 2.2). Each is held for its client meanwhile, so that there are never more than there are
 * addresses, and nobody else waits for them.
 */
final class Probes {
  /** How many addresses are tried for one DISCOVER before it is left to the client to ask again. */
  static final int TRIES = 5;

  /** How long is listened at least, in nanoseconds, if the addresses before were in use. */
  private static final long LEAST = 100_000_000L;

  /**
   * A client that waits for its offer.
   *
   * @param because why this address
   * @param wake when something is to be done about it
   * @param until when it is offered, if nobody was seen using it
   * @param tries how many addresses were tried, this one included
   */
  record Probe(Request request, Ip4 address, String because, long wake, long until, int tries) {
    /** Whether it is only asked once more, since a question or its answer may get lost. */
    boolean goesOn() {
      return wake < until;
    }
  }

  private final Map<Ip4, Probe> byAddress = new HashMap<>();
  private final Timers timers = new Timers();

  /** The probe of an address for a client, if one is on its way. */
  Optional<Probe> of(Ip4 address, Client client) {
    return Optional.ofNullable(byAddress.get(address))
        .filter(p -> p.request().client().key().equals(client.key()));
  }

  /** Begins one; what was known of the address before is forgotten. */
  void begin(Request request, Ip4 address, String because, long now, long until, int tries) {
    take(address);
    long end = Math.max(until, now + LEAST);
    put(new Probe(request, address, because, now + (end - now) / 2, end, tries));
  }

  /** The client has asked again meanwhile: the answer goes to what it said last. */
  void refresh(Probe probe, Request request) {
    take(probe.address());
    put(
        new Probe(
            request, probe.address(), probe.because(), probe.wake(), probe.until(), probe.tries()));
  }

  /** Goes on to its end. */
  void goOn(Probe probe) {
    put(
        new Probe(
            probe.request(),
            probe.address(),
            probe.because(),
            probe.until(),
            probe.until(),
            probe.tries()));
  }

  private void put(Probe probe) {
    byAddress.put(probe.address(), probe);
    timers.set(probe.wake(), probe.address());
  }

  /** Ends the probe of an address. */
  Optional<Probe> take(Ip4 address) {
    var probe = Optional.ofNullable(byAddress.remove(address));
    probe.ifPresent(p -> timers.cancel(p.wake(), address));
    return probe;
  }

  /** Takes one whose time has come. */
  Optional<Probe> due(long now) {
    return timers.due(now).flatMap(t -> Optional.ofNullable(byAddress.remove(t.address())));
  }

  long deadline() {
    return timers.next();
  }

  void clear() {
    byAddress.clear();
    timers.clear();
  }
}
