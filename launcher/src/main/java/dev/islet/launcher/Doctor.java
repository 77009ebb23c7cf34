package dev.islet.launcher;

import dev.islet.core.config.HostPort;
import dev.islet.core.net.Nic;
import dev.islet.core.service.HeldPort;
import java.net.Inet4Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares what the configuration wants with what the machine has. Pure: facts in, findings out,
 * those that block first.
 */
final class Doctor {
  /** No clock that is right is before the day this was written. */
  private static final Instant OLDEST = Instant.parse("2026-11-24T00:00:00Z");

  /** Bits of the firmware's {@code get_throttled}. */
  private static final int UNDER_VOLTAGE = 1;

  private static final int CAPPED = 1 << 1 | 1 << 2 | 1 << 3;
  private static final int UNDER_VOLTAGE_SINCE = 1 << 16;

  private final List<Finding> findings = new ArrayList<>();
  private final Facts facts;

  private Doctor(Facts facts) {
    this.facts = facts;
  }

  static List<Finding> examine(List<Needs> wanted, Facts facts) {
    var doctor = new Doctor(facts);
    doctor.ports(wanted);
    doctor.rights(wanted);
    doctor.interfaces(wanted);
    doctor.addresses(wanted);
    doctor.rivals(wanted);
    doctor.forwarding(wanted);
    doctor.machine();
    return doctor.findings.stream()
        .sorted((a, b) -> Boolean.compare(b.blocks(), a.blocks()))
        .toList();
  }

  private void say(String id, boolean blocks, String what, String fix) {
    findings.add(new Finding(id, blocks, what, fix));
  }

  /** One finding for each program in the way, with all that it is in the way of. */
  private void ports(List<Needs> wanted) {
    var inTheWay = new LinkedHashMap<String, List<String>>();
    var fixes = new LinkedHashMap<String, String>();
    for (var needs : wanted) {
      for (var socket : needs.sockets()) {
        facts.held().stream()
            .filter(held -> held.blocks(socket.udp(), socket.address()))
            .filter(held -> socket.address().getPort() != 0 && !isIslet(held))
            .findFirst()
            .ifPresent(
                held -> {
                  var who = held.holder().map(Object::toString).orElse("a program of another user");
                  inTheWay
                      .computeIfAbsent(who, w -> new ArrayList<>())
                      .add(needs.kind().word() + " wants " + shown(socket));
                  fixes.putIfAbsent(who, freeing(held));
                });
      }
    }
    inTheWay.forEach(
        (who, what) ->
            say(
                "DOCTOR-PORT",
                true,
                who + " has a port that is wanted here: " + String.join(", ", what),
                fixes.getOrDefault(who, "")));
  }

  private static boolean isIslet(HeldPort held) {
    return held.holder().map(h -> h.command().contains("dev.islet.launcher")).orElse(false);
  }

  private static String freeing(HeldPort held) {
    if (held.holder().isEmpty()) {
      return "see which: sudo ss -Hlnp"
          + (held.udp() ? "u" : "t")
          + " 'sport = :"
          + held.address().getPort()
          + "'";
    }
    var name = held.holder().get().name();
    return switch (name) {
      case "systemd-resolve" ->
          """
          switch off its listener and point this machine's own names elsewhere:
            sudo mkdir -p /etc/systemd/resolved.conf.d
            printf '[Resolve]\\nDNSStubListener=no\\n' | sudo tee /etc/systemd/resolved.conf.d/islet.conf
            sudo ln -sf /run/systemd/resolve/resolv.conf /etc/resolv.conf
            sudo systemctl restart systemd-resolved""";
      case "kea-dhcp4" -> "sudo systemctl disable --now kea-dhcp4-server";
      case "dhcpd" -> "sudo systemctl disable --now isc-dhcp-server";
      case "dnsmasq",
          "pihole-FTL",
          "named",
          "unbound",
          "lighttpd",
          "nginx",
          "apache2",
          "vsftpd",
          "proftpd",
          "asterisk",
          "kamailio" ->
          "sudo systemctl disable --now " + name;
      case "ripd" -> "switch RIP off in /etc/frr/daemons, then: sudo systemctl restart frr";
      default ->
          "stop it (sudo systemctl status "
              + held.holder().get().pid()
              + " names its unit), or choose another port";
    };
  }

  private void rights(List<Needs> wanted) {
    if (!facts.unprivileged()) {
      return;
    }
    var low =
        wanted.stream()
            .flatMap(
                needs ->
                    needs.sockets().stream()
                        .filter(s -> s.address().getPort() > 0)
                        .filter(s -> s.address().getPort() < facts.lowestFree())
                        .map(s -> needs.kind().word() + " wants " + shown(s)))
            .distinct()
            .toList();
    if (!low.isEmpty()) {
      say(
          "DOCTOR-RIGHTS",
          true,
          "ports below "
              + facts.lowestFree()
              + " are not for this user, but "
              + String.join(", ", low),
          "start with sudo, as a systemd unit or a container (both have just the capabilities"
              + " that are needed), or choose higher ports");
    }
  }

  private void interfaces(List<Needs> wanted) {
    var present = facts.interfaces().stream().collect(Collectors.toMap(Nic::name, nic -> nic));
    for (var needs : wanted) {
      for (var name : needs.interfaces()) {
        var nic = present.get(name);
        boolean waits = needs.kind() == Kind.ROUTER; // it uses an interface when it comes
        if (nic == null) {
          say(
              "DOCTOR-NIC",
              !waits,
              needs.kind().word() + " serves " + name + ", which this machine does not have",
              "write one of "
                  + present.keySet().stream().filter(n -> !n.equals("lo")).sorted().toList()
                  + " as interfaces in "
                  + needs.kind().word()
                  + ".yaml");
        } else if (!nic.up()) {
          say(
              "DOCTOR-NIC-DOWN",
              !waits,
              needs.kind().word() + " serves " + name + ", which is down",
              "sudo ip link set " + name + " up");
        } else if (nic.addresses().stream().noneMatch(a -> a.address() instanceof Inet4Address)) {
          say(
              "DOCTOR-NIC-ADDRESS",
              !waits,
              needs.kind().word() + " serves " + name + ", which has no IPv4 address",
              "sudo nmcli connection add type ethernet ifname "
                  + name
                  + " ipv4.method manual ipv4.addresses 192.168.7.1/24   (with the address that your"
                  + " configuration names)");
        }
      }
    }
  }

  private void addresses(List<Needs> wanted) {
    var own =
        facts.interfaces().stream()
            .flatMap(nic -> nic.addresses().stream())
            .map(Nic.NicAddress::address)
            .toList();
    for (var needs : wanted) {
      needs.sockets().stream()
          .map(socket -> socket.address().getAddress())
          .distinct()
          .filter(a -> !a.isAnyLocalAddress() && !a.isLoopbackAddress() && !own.contains(a))
          .forEach(
              a ->
                  say(
                      "DOCTOR-ADDRESS",
                      true,
                      needs.kind().word()
                          + " listens on "
                          + a.getHostAddress()
                          + ", which no interface of this machine has",
                      "see `ip addr`, then correct the address in "
                          + needs.kind().word()
                          + ".yaml, or give it to an interface"));
    }
  }

  private void rivals(List<Needs> wanted) {
    for (var needs : wanted) {
      if (needs.kind() != Kind.DHCP) {
        continue;
      }
      for (var name : needs.interfaces()) {
        var server = facts.leases().get(name);
        if (server != null) {
          say(
              "DOCTOR-RIVAL",
              true,
              "this machine has its own address on "
                  + name
                  + " from another DHCP server, "
                  + server
                  + ": clients would get answers from both",
              "switch off DHCP in the router at "
                  + server
                  + " and give this machine a fixed address (sudo nmcli connection modify NAME"
                  + " ipv4.method manual ipv4.addresses …), or name "
                  + server
                  + " in known-servers if both are meant to be");
        }
      }
    }
  }

  private void forwarding(List<Needs> wanted) {
    if (wanted.stream().anyMatch(Needs::forwarding) && !facts.forwards().orElse(true)) {
      say(
          "DOCTOR-FORWARD",
          false,
          "router writes routes, but the kernel does not forward packets between interfaces",
          "echo net.ipv4.ip_forward=1 | sudo tee /etc/sysctl.d/90-islet.conf && sudo sysctl --system");
    }
  }

  private void machine() {
    if (!facts.memoryCgroup().orElse(true)) {
      say(
          "DOCTOR-CGROUP",
          false,
          "the kernel does not count the memory of containers: their limits do nothing, and"
              + " `docker stats` shows 0",
          """
          add to the one line of /boot/firmware/cmdline.txt, then reboot:
            sudo sed -i 's/$/ cgroup_enable=memory cgroup_memory=1/' /boot/firmware/cmdline.txt""");
    }
    if (facts.now().isBefore(OLDEST)) {
      say(
          "DOCTOR-CLOCK",
          false,
          "the clock says "
              + facts.now()
              + ", which is past: certificates and DNSSEC signatures of others look invalid",
          "sudo timedatectl set-ntp true   (a Pi without a battery has no time until it reaches a"
              + " time server; `timedatectl` tells whether it has)");
    }
    int power = facts.power().orElse(0);
    if ((power & UNDER_VOLTAGE) != 0) {
      say(
          "DOCTOR-POWER",
          true,
          "the supply voltage is too low now: cards are damaged by it, and the processor is slowed",
          supply());
    } else if ((power & UNDER_VOLTAGE_SINCE) != 0) {
      say(
          "DOCTOR-POWER",
          false,
          "the supply voltage has been too low since the machine was started",
          supply());
    }
    if ((power & CAPPED) != 0 && (power & UNDER_VOLTAGE) == 0) {
      say(
          "DOCTOR-HEAT",
          false,
          "the processor is slowed down because it is hot",
          "give it air or a heat sink; `vcgencmd measure_temp` tells its temperature");
    }
  }

  private String supply() {
    return "use the power supply that is made for "
        + facts.board().orElse("this board")
        + " (5.1 V) with a short cable, and power disks of their own";
  }

  private static String shown(Needs.Socket socket) {
    return (socket.udp() ? "udp " : "tcp ") + HostPort.format(socket.address());
  }

  /** Findings as a reader wants them. */
  static String text(List<Finding> findings) {
    return findings.stream()
        .map(
            f ->
                (f.blocks() ? "BLOCKS " : "NOTE   ")
                    + f.id()
                    + "  "
                    + f.what()
                    + "\n       fix: "
                    + f.fix().replace("\n", "\n       "))
        .collect(Collectors.joining("\n"));
  }
}
