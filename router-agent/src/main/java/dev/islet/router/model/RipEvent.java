package dev.islet.router.model;

import dev.islet.core.trace.Packet;
import java.net.InetSocketAddress;
import java.util.Optional;

/** RIP messages as they crossed the wire. */
public sealed interface RipEvent extends RouterEvent {
  /**
   * A message arrived.
   *
   * @param nic the interface
   * @param outcome {@code accepted}, or the reason it was refused
   * @param changed how many routes it changed
   * @param bytes the message
   */
  record RipReceived(
      String nic,
      InetSocketAddress source,
      InetSocketAddress destination,
      String outcome,
      int changed,
      byte[] bytes)
      implements RipEvent {
    @Override
    public String note() {
      return outcome
          + (changed > 0 ? ", changed " + changed + " routes" : "")
          + " (RFC 2453 section 3.9)";
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(new Packet(Packet.Transport.UDP, source, destination, bytes));
    }
  }

  /**
   * A message left.
   *
   * @param why what made the router send it, with the section of RFC 2453
   */
  record RipSent(
      String nic, InetSocketAddress source, InetSocketAddress destination, String why, byte[] bytes)
      implements RipEvent {
    @Override
    public String note() {
      return why;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(new Packet(Packet.Transport.UDP, source, destination, bytes));
    }
  }
}
