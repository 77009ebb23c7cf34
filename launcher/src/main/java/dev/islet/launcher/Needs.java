package dev.islet.launcher;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.dhcp.DhcpConfig;
import dev.islet.dns.DnsConfig;
import dev.islet.ftp.FtpConfig;
import dev.islet.monitor.MonitorConfig;
import dev.islet.router.RouterConfig;
import dev.islet.router.model.Fib;
import dev.islet.voip.VoipConfig;
import dev.islet.web.WebConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a service's configuration wants of the machine.
 *
 * @param kind which service
 * @param sockets what it binds
 * @param interfaces names of those it serves
 * @param forwarding whether the kernel is to forward packets between interfaces
 */
record Needs(Kind kind, List<Socket> sockets, List<String> interfaces, boolean forwarding) {
  Needs {
    sockets = List.copyOf(sockets);
    interfaces = List.copyOf(interfaces);
  }

  /** A socket to be bound. */
  record Socket(boolean udp, InetSocketAddress address) {}

  /** Reads the file only. */
  static Needs of(Kind kind, Path file) {
    return switch (kind) {
      case DNS -> dns(new ConfigFile<>(file, DnsConfig.class).read());
      case DHCP -> dhcp(new ConfigFile<>(file, DhcpConfig.class).read());
      case FTP -> {
        var ftp = new ConfigFile<>(file, FtpConfig.class).read();
        yield tcp(kind, ftp.admin(), List.of(ftp.listen(), ftp.implicit()));
      }
      case WEB -> {
        var web = new ConfigFile<>(file, WebConfig.class).read();
        yield tcp(kind, web.admin(), List.of(web.http(), web.https()));
      }
      case VOIP -> voip(new ConfigFile<>(file, VoipConfig.class).read());
      case ROUTER -> router(new ConfigFile<>(file, RouterConfig.class).read());
      case MONITOR -> {
        var monitor = new ConfigFile<>(file, MonitorConfig.class).read();
        yield tcp(kind, monitor.admin(), List.of(List.of(monitor.listen())));
      }
    };
  }

  private static Needs dns(DnsConfig config) {
    var sockets = admin(config.admin());
    add(sockets, true, config.listen());
    add(sockets, false, config.listen());
    add(sockets, false, config.dot().listen());
    add(sockets, false, config.doh().listen());
    add(sockets, true, config.doq().listen());
    return new Needs(Kind.DNS, sockets, List.of(), false);
  }

  private static Needs dhcp(DhcpConfig config) {
    var sockets = admin(config.admin());
    config.listen().ifPresent(address -> add(sockets, true, List.of(address)));
    if (!config.interfaces().isEmpty()) {
      add(sockets, true, List.of(everywhere(4, 67)));
      if (config.ipv6().isPresent()) {
        add(sockets, true, List.of(everywhere(16, 547)));
      }
    }
    return new Needs(Kind.DHCP, sockets, config.interfaces(), false);
  }

  private static Needs tcp(
      Kind kind, Optional<AdminConfig> admin, List<List<InetSocketAddress>> addresses) {
    var sockets = admin(admin);
    addresses.forEach(each -> add(sockets, false, each));
    return new Needs(kind, sockets, List.of(), false);
  }

  private static Needs voip(VoipConfig config) {
    var sockets = admin(config.admin());
    add(sockets, true, config.listen().udp());
    add(sockets, false, config.listen().tcp());
    add(sockets, false, config.listen().tls());
    return new Needs(Kind.VOIP, sockets, List.of(), false);
  }

  private static Needs router(RouterConfig config) {
    var sockets = admin(config.admin());
    var interfaces =
        config.rip().stream()
            .flatMap(rip -> rip.interfaces().stream())
            .map(RouterConfig.RipInterface::name)
            .toList();
    if (!interfaces.isEmpty()) {
      config.rip().ifPresent(rip -> add(sockets, true, List.of(everywhere(4, rip.port()))));
    }
    return new Needs(Kind.ROUTER, sockets, interfaces, config.fib() == Fib.KERNEL);
  }

  private static List<Socket> admin(Optional<AdminConfig> admin) {
    var sockets = new ArrayList<Socket>();
    admin.ifPresent(a -> add(sockets, false, List.of(a.listen())));
    return sockets;
  }

  private static void add(List<Socket> sockets, boolean udp, List<InetSocketAddress> addresses) {
    addresses.forEach(address -> sockets.add(new Socket(udp, address)));
  }

  private static InetSocketAddress everywhere(int bytes, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[bytes]), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // 4 or 16 bytes
    }
  }
}
