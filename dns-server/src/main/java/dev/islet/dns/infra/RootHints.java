package dev.islet.dns.infra;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;

/**
 * Where the root is to be found at first (RFC 8109 section 2): names and addresses that change once
 * in years.
 *
 * @param servers names of root servers with their addresses, at least one
 */
public record RootHints(Map<Name, List<InetAddress>> servers) {
  /** The root servers of the Internet, as InterNIC's named.root of 2024 lists them. */
  public static final RootHints INTERNET = internet();

  public RootHints {
    servers = Map.copyOf(servers);
    if (servers.values().stream().allMatch(List::isEmpty)) {
      throw new IllegalArgumentException("no address of any root server");
    }
  }

  /** The root's servers, for ever. */
  Delegation delegation() {
    return new Delegation(Name.root, servers, Long.MAX_VALUE);
  }

  /** Whether an address is one of the hints'. */
  public boolean anyMatch(java.util.function.Predicate<InetAddress> what) {
    return servers.values().stream().flatMap(List::stream).anyMatch(what);
  }

  private static RootHints internet() {
    var servers = new LinkedHashMap<Name, List<InetAddress>>();
    root(servers, 'a', "198.41.0.4", "2001:503:ba3e::2:30");
    root(servers, 'b', "170.247.170.2", "2801:1b8:10::b");
    root(servers, 'c', "192.33.4.12", "2001:500:2::c");
    root(servers, 'd', "199.7.91.13", "2001:500:2d::d");
    root(servers, 'e', "192.203.230.10", "2001:500:a8::e");
    root(servers, 'f', "192.5.5.241", "2001:500:2f::f");
    root(servers, 'g', "192.112.36.4", "2001:500:12::d0d");
    root(servers, 'h', "198.97.190.53", "2001:500:1::53");
    root(servers, 'i', "192.36.148.17", "2001:7fe::53");
    root(servers, 'j', "192.58.128.30", "2001:503:c27::2:30");
    root(servers, 'k', "193.0.14.129", "2001:7fd::1");
    root(servers, 'l', "199.7.83.42", "2001:500:9f::42");
    root(servers, 'm', "202.12.27.33", "2001:dc3::35");
    return new RootHints(servers);
  }

  private static void root(
      Map<Name, List<InetAddress>> servers, char letter, String four, String six) {
    servers.put(Name.fromConstantString(letter + ".root-servers.net."), List.of(ip(four), ip(six)));
  }

  private static InetAddress ip(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(literal, e);
    }
  }
}
