package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.BYTE;
import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.LONG;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the interfaces by {@code getifaddrs(3)}, which also tells of those that have no address:
 * the JDK's NetworkInterface leaves them out on Linux, yet a DHCP or routing daemon must see them.
 *
 * <pre>
 *   ifaddrs:     next 0 | name 8 | flags u32 16 | address 24 | netmask 32 | … 56 bytes
 *   sockaddr_ll: family u16 0 | protocol 2 | index i32 4 | type 8 | kind 10 | length u8 11 | bytes 12
 * </pre>
 */
final class InterfaceAddresses {
  private static final int ENTRY = 56;
  private static final int IFF_UP = 1;
  private static final int SIOCGIFMTU = 0x8921;

  private final Map<String, Integer> indexes = new LinkedHashMap<>();
  private final Map<String, MacAddress> macs = new LinkedHashMap<>();
  private final Map<String, Integer> flags = new LinkedHashMap<>();
  private final Map<String, List<Nic.NicAddress>> addresses = new LinkedHashMap<>();

  private InterfaceAddresses() {}

  static List<Nic> read() {
    var reader = new InterfaceAddresses();
    try (var arena = Arena.ofConfined()) {
      var head = arena.allocate(8, 8);
      if (Libc.getifaddrs(head) < 0) {
        return List.of();
      }
      long first = head.get(LONG, 0);
      try {
        for (long at = first; at != 0; ) {
          var entry = MemorySegment.ofAddress(at).reinterpret(ENTRY);
          reader.entry(entry);
          at = entry.get(LONG, 0);
        }
      } finally {
        Libc.freeifaddrs(first);
      }
      return reader.nics(arena);
    }
  }

  private void entry(MemorySegment entry) {
    long at = entry.get(LONG, 24);
    if (at == 0) {
      return;
    }
    var name = MemorySegment.ofAddress(entry.get(LONG, 8)).reinterpret(64).getString(0);
    var address = MemorySegment.ofAddress(at).reinterpret(SocketAddresses.IN_BYTES);
    switch (SocketAddresses.family(address, 0)) {
      case Libc.AF_PACKET -> {
        var link = address.reinterpret(20);
        indexes.put(name, link.get(INT, 4));
        flags.put(name, entry.get(INT, 16));
        if (link.get(BYTE, 11) == 6) {
          var bytes = new byte[6];
          MemorySegment.copy(link, BYTE, 12, bytes, 0, 6);
          macs.put(name, MacAddress.of(bytes, 0));
        }
      }
      case Libc.AF_INET ->
          add(name, SocketAddresses.four(address, 4), length(entry.get(LONG, 32), 4, 4));
      case Libc.AF_INET6 -> {
        var six = address.reinterpret(SocketAddresses.IN6_BYTES);
        add(
            name,
            SocketAddresses.six(six, 8, six.get(INT, 24)),
            length(entry.get(LONG, 32), 8, 16));
      }
      default -> {
        return; // a family that Islet does not speak
      }
    }
  }

  /** An address may be labelled {@code eth0:1}; it belongs to eth0. */
  private void add(String label, java.net.InetAddress address, int prefixLength) {
    var name = label.indexOf(':') < 0 ? label : label.substring(0, label.indexOf(':'));
    addresses
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .add(new Nic.NicAddress(address, prefixLength));
  }

  private static int length(long netmask, int offset, int bytes) {
    if (netmask == 0) {
      return bytes * 8;
    }
    var mask = MemorySegment.ofAddress(netmask).reinterpret(offset + bytes);
    int bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits += Integer.bitCount(mask.get(BYTE, offset + i) & 0xFF);
    }
    return bits;
  }

  private List<Nic> nics(Arena arena) {
    var nics = new ArrayList<Nic>();
    int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0);
    try {
      indexes.forEach(
          (name, index) ->
              nics.add(
                  new Nic(
                      index,
                      name,
                      macs.getOrDefault(name, new MacAddress(0)),
                      mtu(arena, fd, name),
                      (flags.getOrDefault(name, 0) & IFF_UP) != 0,
                      addresses.getOrDefault(name, List.of()))));
    } finally {
      if (fd >= 0) {
        Libc.close(fd);
      }
    }
    return nics;
  }

  /** {@code struct ifreq}: name 16, then the int. */
  private static int mtu(Arena arena, int fd, String name) {
    var request = arena.allocate(40, 8);
    request.setString(0, name);
    return Libc.ioctl(fd, SIOCGIFMTU, request) < 0 ? 0 : request.get(INT, 16);
  }
}
