package dev.islet.dhcp.lease;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.classify.ClientClass;
import dev.islet.dhcp.name.HostNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the engine behaves where the standards leave a choice.
 *
 * @param authoritative also says NAK to clients it has no record of, where RFC 2131 section 4.3.2
 *     wants silence; right if no other server is on the link, and gets strangers to a working
 *     address sooner
 * @param offerHold how long an offered address is held
 * @param quarantine how long an address rests after a client found it in use
 * @param probe how long somebody who uses an address has time to say so before it is offered; zero
 *     asks nobody
 * @param mark how often the lease file is told that time passes, while leases run
 * @param clientRate messages a second that one client may send; 0 for any number
 * @param strangerRate DISCOVERs a second that clients without a record may send on one link, or
 *     behind one circuit of a relay; 0 for any number
 * @param classes kinds of clients
 * @param askers networks of relays that may ask who has which address (RFC 4388)
 * @param zone the domain in which clients get names, if DNS is told of them
 * @param hostNames which names clients may have
 */
public record Policy(
    boolean authoritative,
    Duration offerHold,
    Duration quarantine,
    Duration probe,
    Duration mark,
    int clientRate,
    int strangerRate,
    List<ClientClass> classes,
    List<Prefix> askers,
    Optional<String> zone,
    HostNames hostNames) {
  public Policy {
    classes = List.copyOf(classes);
    askers = List.copyOf(askers);
  }
}
