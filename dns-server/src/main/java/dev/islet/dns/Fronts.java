package dev.islet.dns;

import dev.islet.core.service.Endpoint;
import dev.islet.core.service.StartException;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.transport.TcpFront;
import dev.islet.dns.transport.TcpLimits;
import dev.islet.dns.transport.UdpFront;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All listening sockets: for each address some of UDP and one of TCP, on the same port. */
final class Fronts implements AutoCloseable {
  private static final int TRIES = 16;

  private final Gate gate;
  private final TcpLimits limits;
  private final TimeSource time;
  private final Tally tally;
  private final Supplier<FastLane> lanes;
  private final int threads;
  private final List<UdpFront> udp = new ArrayList<>();
  private final List<TcpFront> tcp = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private Optional<Encrypted> encrypted = Optional.empty();

  /**
   * @param lanes makes fast lanes, one for each thread at a time
   * @param threads how many sockets share each UDP address, each with a thread
   */
  Fronts(
      Gate gate,
      TcpLimits limits,
      TimeSource time,
      Tally tally,
      Supplier<FastLane> lanes,
      int threads) {
    this.gate = gate;
    this.limits = limits;
    this.time = time;
    this.tally = tally;
    this.lanes = lanes;
    this.threads = threads;
  }

  /** Binds all; what was bound before a failure is closed with this. */
  void bind(List<InetSocketAddress> addresses) {
    for (var address : addresses) {
      boolean both = address.getPort() != 0 && coveredBy(address, addresses);
      bind(address, both, address.getPort() == 0 ? TRIES : 1);
    }
  }

  /** Begins to serve on all that are bound. */
  void start() {
    udp.forEach(UdpFront::start);
    tcp.forEach(TcpFront::start);
  }

  /** Begins to serve on the encrypted listeners too, which are closed with this from now on. */
  void start(Encrypted listeners) {
    encrypted = Optional.of(listeners);
    endpoints.addAll(listeners.endpoints());
    listeners.start();
  }

  List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  int connections() {
    return tcp.stream().mapToInt(TcpFront::connections).sum();
  }

  int encryptedConnections() {
    return encrypted.map(Encrypted::connections).orElse(0);
  }

  /**
   * Takes over a certificate that was replaced.
   *
   * @return whether there is one, and it is another now
   * @throws IOException if it cannot be used; the old one stays in force
   */
  boolean renewCertificate() throws IOException {
    return encrypted.isPresent() && encrypted.get().renew();
  }

  @Override
  public void close() {
    encrypted.ifPresent(Encrypted::close);
    tcp.forEach(TcpFront::close);
    udp.forEach(UdpFront::close);
  }

  /**
   * Binds one address. A port that the system chose for UDP may be taken for TCP: then another.
   *
   * @param dual whether the TCP socket of all IPv6 addresses takes IPv4 connections too
   */
  private void bind(InetSocketAddress address, boolean dual, int tries) {
    var datagrams = udp(address);
    try {
      if (!dual) {
        var same = new InetSocketAddress(address.getAddress(), datagrams.local().getPort());
        tcp.add(TcpFront.open(same, gate, limits, time, tally, lanes));
      }
    } catch (StartException e) {
      datagrams.close();
      if (tries > 1) {
        bind(address, dual, tries - 1);
        return;
      }
      throw e;
    }
    udp.add(datagrams);
    var bound = new InetSocketAddress(address.getAddress(), datagrams.local().getPort());
    for (int more = 1; more < threads; more++) {
      udp.add(udp(bound));
    }
    endpoints.add(new Endpoint("dns/udp", bound));
    endpoints.add(new Endpoint("dns/tcp", bound));
  }

  /** Those that need a TCP socket of their own. */
  static List<InetSocketAddress> distinct(List<InetSocketAddress> addresses) {
    return addresses.stream()
        .filter(address -> address.getPort() == 0 || !coveredBy(address, addresses))
        .toList();
  }

  private UdpFront udp(InetSocketAddress address) {
    return UdpFront.open(address, threads > 1, gate, lanes.get(), tally);
  }

  /** Whether all of IPv4 is asked for beside all of IPv6 on the same port. */
  private static boolean coveredBy(InetSocketAddress address, List<InetSocketAddress> all) {
    return address.getAddress() instanceof Inet4Address
        && address.getAddress().isAnyLocalAddress()
        && all.stream()
            .anyMatch(
                other ->
                    other.getPort() == address.getPort()
                        && other.getAddress().isAnyLocalAddress()
                        && !(other.getAddress() instanceof Inet4Address));
  }
}
