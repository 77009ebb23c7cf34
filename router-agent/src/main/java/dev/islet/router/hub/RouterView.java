package dev.islet.router.hub;

import dev.islet.router.fib.FibRoute;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.rib.Rib;
import dev.islet.router.rip.RipView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The router as people see it, at one moment.
 *
 * @param addresses by the name of the interface
 * @param candidates every known route with the reason it won or lost
 * @param fib what is believed to be in the kernel
 * @param missing how many best routes the kernel does not have
 * @param inherited how many routes of an earlier life wait for the end of the grace time
 * @param rip empty if it does not run
 */
public record RouterView(
    List<Link> links,
    Map<String, List<LinkAddress>> addresses,
    List<Rib.Candidate> candidates,
    List<FibRoute> fib,
    int missing,
    int inherited,
    Optional<RipView> rip) {}
