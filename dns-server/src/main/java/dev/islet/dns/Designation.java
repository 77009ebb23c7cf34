package dev.islet.dns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What tells clients of the encrypted listeners beside the plain ones (RFC 9462, RFC 9461). */
final class Designation {
  private static final Name OWNER = Name.fromConstantString("_dns.resolver.arpa.");
  private static final long TTL = 300; // short: a reload may change the answer, a restart the ports

  private Designation() {}

  /**
   * One SVCB record for each port, with the addresses that are listened on if they are known; none
   * without a name to announce, or without a listener.
   */
  static List<Record> records(DnsConfig config) {
    var records = new ArrayList<Record>();
    var name = config.tls().names().getFirst();
    if (!announceable(name)) {
      return records;
    }
    int priority = 0;
    for (var listen : List.of(config.doq().listen(), config.dot().listen())) {
      priority++;
      var alpn = priority == 1 ? "doq" : "dot";
      for (var port : ports(listen)) {
        var where = " port=" + port + hints(listen, port);
        records.add(record(priority, name, "alpn=" + alpn + where));
      }
    }
    var web = config.doh().listen();
    for (var port : ports(web)) {
      var path = config.doh().path() + "{?dns}";
      var where = " port=" + port + hints(web, port);
      records.add(record(3, name, "alpn=\"h2,http/1.1\"" + where + " key7=\"" + path + "\""));
    }
    return records;
  }

  /**
   * A DNS name of several labels: clients look up its address and compare it with the certificate.
   */
  private static boolean announceable(String name) {
    try {
      InetAddress.ofLiteral(name);
      return false;
    } catch (IllegalArgumentException e) {
      return name.indexOf('.') > 0 && name.indexOf('*') < 0;
    }
  }

  /** Addresses spare a look-up; those of all, or of this machine alone, say nothing to others. */
  private static String hints(List<InetSocketAddress> listen, int port) {
    var four = new StringJoiner(",", " ipv4hint=", "").setEmptyValue("");
    var six = new StringJoiner(",", " ipv6hint=", "").setEmptyValue("");
    for (var socket : listen) {
      var address = socket.getAddress();
      boolean tells =
          socket.getPort() == port
              && !address.isAnyLocalAddress()
              && !address.isLoopbackAddress()
              && !address.isLinkLocalAddress();
      if (tells) {
        (address instanceof Inet4Address ? four : six).add(address.getHostAddress());
      }
    }
    return four.toString() + six;
  }

  private static List<Integer> ports(List<InetSocketAddress> listen) {
    return listen.stream().map(InetSocketAddress::getPort).filter(p -> p != 0).distinct().toList();
  }

  private static Record record(int priority, String name, String parameters) {
    var target = DnsConfig.name("tls.names", name);
    try {
      return Record.fromString(
          OWNER, Type.SVCB, DClass.IN, TTL, priority + " " + target + " " + parameters, Name.root);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
