package dev.islet.router.rip;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings;
import dev.islet.router.rip.output.AdvertTable;
import dev.islet.router.rip.wire.Ipv4;
import dev.islet.router.rip.wire.RipCodec;
import dev.islet.router.rip.wire.RipEntry;
import dev.islet.router.rip.wire.RipMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes messages and signs them. From each of our networks on an interface an update of its own
 * goes out, since neighbours only listen to senders of a network they are in.
 */
final class RipSender {
  /** How many sequence numbers are reserved at once; a crash wastes at most so many. */
  static final long RESERVE = 3600;

  private static final InetAddress GROUP = Ipv4.address(0xE000_0009);

  private final AdvertTable adverts;
  private long sequence;
  private long reserved;

  /**
   * @param floor no sequence number is smaller; what the last {@link RipAction.KeepSequence} said
   */
  RipSender(AdvertTable adverts, long floor) {
    this.adverts = adverts;
    this.sequence = floor;
    this.reserved = floor;
  }

  /** Asks the neighbours of an interface for everything (RFC 2453 section 3.9.1). */
  void request(
      long now,
      RipSettings settings,
      RipSettings.Port port,
      List<LinkAddress> own,
      Consumer<? super RipAction> out) {
    for (var mine : oneEachNetwork(own)) {
      for (var to : targets(settings, port, mine)) {
        send(
            now,
            port,
            mine,
            to,
            RipMessage.requestAll(),
            "request for the whole table (RFC 2453 section 3.9.1)",
            out);
      }
    }
  }

  /** Tells the neighbours of an interface everything, or what has changed. */
  void update(
      long now,
      RipSettings settings,
      RipSettings.Port port,
      List<LinkAddress> own,
      boolean onlyChanged,
      String why,
      Consumer<? super RipAction> out) {
    for (var mine : oneEachNetwork(own)) {
      var entries = adverts.entries(port, mine.network(), onlyChanged);
      for (var to : targets(settings, port, mine)) {
        respond(now, port, mine, to, 2, entries, why, out);
      }
    }
  }

  /** Sends entries as responses, as many as are needed; none for no entries. */
  void respond(
      long now,
      RipSettings.Port port,
      LinkAddress mine,
      InetSocketAddress to,
      int version,
      List<RipEntry> entries,
      String why,
      Consumer<? super RipAction> out) {
    int room = RipCodec.room(port.auth());
    for (int i = 0; i < entries.size(); i += room) {
      var some = entries.subList(i, Math.min(entries.size(), i + room));
      var message =
          new RipMessage(
              RipMessage.Command.RESPONSE, version, version == 1 ? forVersion1(some) : some);
      send(now, port, mine, to, message, why, out);
    }
  }

  /** Section 4.6: version 1 has neither tag nor mask nor next hop. */
  private static List<RipEntry> forVersion1(List<RipEntry> entries) {
    return entries.stream()
        .map(e -> new RipEntry(e.family(), 0, e.address(), 0, 0, e.metric()))
        .toList();
  }

  /** Several addresses of ours in one network would make us several routers there. */
  private static List<LinkAddress> oneEachNetwork(List<LinkAddress> own) {
    var networks = new HashSet<Prefix>();
    return own.stream().filter(mine -> networks.add(mine.network())).toList();
  }

  private static List<InetSocketAddress> targets(
      RipSettings settings, RipSettings.Port port, LinkAddress mine) {
    var targets = new ArrayList<InetSocketAddress>();
    if (!port.passive()) {
      targets.add(new InetSocketAddress(GROUP, settings.port()));
    }
    for (var neighbor : port.neighbors()) {
      if (mine.network().contains(neighbor)) {
        targets.add(new InetSocketAddress(neighbor, settings.port()));
      }
    }
    return targets;
  }

  private void send(
      long now,
      RipSettings.Port port,
      LinkAddress mine,
      InetSocketAddress to,
      RipMessage message,
      String why,
      Consumer<? super RipAction> out) {
    long number = 0;
    if (port.auth() instanceof RipAuth.Keyed) {
      sequence = Math.max(sequence + 1, now / 1_000_000_000L);
      if (sequence >= reserved) {
        reserved = sequence + RESERVE;
        out.accept(new RipAction.KeepSequence(reserved));
      }
      number = sequence;
    }
    var auth = message.version() == 1 ? new RipAuth.Open() : port.auth();
    out.accept(
        new RipAction.Send(
            port.nic(), mine.address(), to, RipCodec.write(message, auth, number), why));
  }
}
