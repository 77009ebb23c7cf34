package dev.islet.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What tells clients of the encrypted listeners beside the plain ones (RFC 9462, RFC 9461). */
final class Designation {
  private static final Name OWNER = Name.fromConstantString("_dns.resolver.arpa.");
  private static final long TTL = 300; // short: a reload may change the answer, a restart the ports

  private Designation() {}

  /** One SVCB record for each port; none without a name to announce, or without a listener. */
  static List<Record> records(DnsConfig config) {
    var records = new ArrayList<Record>();
    var name = config.tls().names().getFirst();
    if (!announceable(name)) {
      return records;
    }
    for (var port : ports(config.dot().listen())) {
      records.add(record(1, name, "alpn=dot port=" + port));
    }
    for (var port : ports(config.doh().listen())) {
      var path = config.doh().path() + "{?dns}";
      records.add(record(2, name, "alpn=\"h2,http/1.1\" port=" + port + " key7=\"" + path + "\""));
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
