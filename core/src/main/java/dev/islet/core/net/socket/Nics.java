package dev.islet.core.net.socket;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The network interfaces of this machine, as they are now. */
public final class Nics {
  private Nics() {}

  /**
   * All of them, in the order of their index, those that are down or have no address included;
   * empty if the system does not tell. One that vanishes while being read is left out.
   */
  public static List<Nic> all() {
    if (Libc.usable()) {
      return InterfaceAddresses.read().stream()
          .sorted(Comparator.comparingInt(Nic::index))
          .toList();
    }
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(each -> read(each).stream())
          .sorted(Comparator.comparingInt(Nic::index))
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  /** The one of a name. */
  public static Optional<Nic> named(String name) {
    return all().stream().filter(nic -> nic.name().equals(name)).findFirst();
  }

  /** The one of an index. */
  public static Optional<Nic> indexed(int index) {
    return all().stream().filter(nic -> nic.index() == index).findFirst();
  }

  /** The loopback interface. */
  public static Optional<Nic> loopback() {
    return all().stream()
        .filter(nic -> nic.addresses().stream().anyMatch(a -> a.address().isLoopbackAddress()))
        .findFirst();
  }

  private static Optional<Nic> read(NetworkInterface from) {
    try {
      var hardware = from.getHardwareAddress();
      var addresses =
          from.getInterfaceAddresses().stream()
              .map(a -> new Nic.NicAddress(a.getAddress(), a.getNetworkPrefixLength()))
              .toList();
      return Optional.of(
          new Nic(
              from.getIndex(),
              from.getName(),
              hardware != null && hardware.length == 6
                  ? MacAddress.of(hardware, 0)
                  : new MacAddress(0),
              from.getMTU(),
              from.isUp(),
              addresses));
    } catch (SocketException e) {
      return Optional.empty();
    }
  }
}
