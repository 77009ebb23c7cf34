package dev.islet.router.rip.neighbor;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.rip.wire.Ipv4;
import dev.islet.router.rip.wire.RipEntry;
import java.net.InetAddress;
import java.util.List;

/** Judges the entries of a response (RFC 2453 section 3.9.2). */
public final class EntryCheck {
  private EntryCheck() {}

  /** What an entry comes to. */
  public sealed interface Checked {
    /**
     * A route.
     *
     * @param nextHop the router to forward to: the sender, or another one on the same network
     * @param metric as told, 1 to 16
     */
    record Valid(Prefix prefix, InetAddress nextHop, int metric, int tag) implements Checked {}

    /** Nonsense, counted. */
    record Bad(String reason) implements Checked {}
  }

  /**
   * @param own our addresses on the interface it came through
   * @param sender who told it
   */
  public static Checked check(
      RipEntry entry, int version, List<LinkAddress> own, InetAddress sender) {
    if (entry.family() != RipEntry.IPV4) {
      return new Checked.Bad("not IPv4");
    }
    if (entry.metric() < 1 || entry.metric() > RipEntry.INFINITY) {
      return new Checked.Bad("metric not from 1 to 16");
    }
    int address = entry.address();
    if (!unicast(address)) {
      return new Checked.Bad("not a unicast destination");
    }
    int mask = entry.mask();
    if (version == 1 || mask == 0 && address != 0) {
      mask = natural(address, own);
    }
    if (!Ipv4.contiguous(mask)) {
      return new Checked.Bad("mask with holes");
    }
    if ((address & ~mask) != 0) {
      return new Checked.Bad("host bits set");
    }
    if (address == 0 && mask != 0) {
      return new Checked.Bad("not a unicast destination");
    }
    if (isOwn(entry.nextHop(), own)) {
      return new Checked.Bad("next hop is this router");
    }
    return new Checked.Valid(
        Prefix.of(Ipv4.address(address), Integer.bitCount(mask)),
        nextHop(entry.nextHop(), own, sender),
        entry.metric(),
        entry.tag());
  }

  /** Neither this network (but for the default route), loopback, multicast nor class E. */
  private static boolean unicast(int address) {
    int first = address >>> 24;
    return address == 0 || first != 0 && first != 127 && first < 224;
  }

  /**
   * The mask where none is given (section 4.3 keeps the rule of version 1): that of our own
   * interface within the same classful network, else the classful one; one that leaves host bits
   * over means a host.
   */
  private static int natural(int address, List<LinkAddress> own) {
    if (address == 0) {
      return 0;
    }
    int classful = classful(address);
    int mask = classful;
    for (var mine : own) {
      if (mine.address().getAddress().length == 4
          && (Ipv4.bits(mine.address()) & classful) == (address & classful)
          && mine.length() >= Integer.bitCount(classful)) {
        mask = Ipv4.mask(mine.length());
        break;
      }
    }
    return (address & ~mask) == 0 ? mask : -1;
  }

  private static int classful(int address) {
    int first = address >>> 24;
    return first < 128 ? 0xFF000000 : first < 192 ? 0xFFFF0000 : 0xFFFFFF00;
  }

  private static boolean isOwn(int bits, List<LinkAddress> own) {
    return bits != 0 && own.stream().anyMatch(mine -> mine.address().equals(Ipv4.address(bits)));
  }

  /** Section 4.4: a next hop that is not directly reachable is treated as the sender. */
  private static InetAddress nextHop(int bits, List<LinkAddress> own, InetAddress sender) {
    if (bits == 0) {
      return sender;
    }
    var address = Ipv4.address(bits);
    for (var mine : own) {
      if (mine.network().contains(address)) {
        return address;
      }
    }
    return sender;
  }
}
