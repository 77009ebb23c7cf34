package dev.islet.dhcp.transport;

import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.Nics;
import dev.islet.core.service.StartException;
import java.net.SocketException;

/** The interfaces that a configuration names. */
final class Interfaces {
  private Interfaces() {}

  /**
   * Finds one.
   *
   * @throws StartException if it is not there
   */
  static Nic named(String name) {
    return Nics.named(name)
        .orElseThrow(
            () ->
                new StartException(
                    "DHCP-NIC-001",
                    "there is no interface " + name,
                    "Choose one of " + Nics.all().stream().map(Nic::name).toList(),
                    new SocketException("no interface of this name")));
  }
}
