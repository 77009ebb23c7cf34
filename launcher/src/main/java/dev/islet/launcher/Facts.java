package dev.islet.launcher;

import dev.islet.core.net.Nic;
import dev.islet.core.service.HeldPort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is so on this machine, as far as it is told; empty where it is not.
 *
 * @param held ports that are taken
 * @param interfaces those that exist
 * @param unprivileged whether this process lacks the right to low ports, raw sockets and routes
 * @param lowestFree the lowest port that anyone may bind
 * @param memoryCgroup whether the kernel counts and limits the memory of containers
 * @param forwards whether the kernel forwards IPv4 packets
 * @param now the clock
 * @param board the model of a single-board computer
 * @param power what its firmware says of its power and heat: bits of {@code get_throttled}
 * @param leases by interface, the DHCP server that this machine has its own address from
 */
record Facts(
    List<HeldPort> held,
    List<Nic> interfaces,
    boolean unprivileged,
    int lowestFree,
    Optional<Boolean> memoryCgroup,
    Optional<Boolean> forwards,
    Instant now,
    Optional<String> board,
    Optional<Integer> power,
    Map<String, String> leases) {}
