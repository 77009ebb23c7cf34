package dev.islet.dhcp;

import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dhcp.admin.DhcpMetrics;
import dev.islet.dhcp.model.DhcpTrace;
import java.util.Optional;

/** What every part of a server shares: who closes it, its clock, and where it tells of itself. */
record Surroundings(
    Lifecycle lifecycle,
    TimeSource time,
    Optional<Home> home,
    Trace<DhcpTrace> trace,
    DhcpMetrics metrics) {}
