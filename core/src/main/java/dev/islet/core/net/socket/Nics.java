package dev.islet.core.net.socket;

import dev.islet.core.net.Nic;
import java.util.List;
import java.util.Optional;

/** The network interfaces of this machine, as they are now. */
public final class Nics {
  private Nics() {}

  /** All of them, in the order of their index; empty if the system does not tell. */
  public static List<Nic> all() {
    throw new UnsupportedOperationException();
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
}
