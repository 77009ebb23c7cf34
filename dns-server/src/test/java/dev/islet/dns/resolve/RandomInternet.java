package dev.islet.dns.resolve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Flags;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/**
 * A random tree of zones on random servers: with and without glue, with aliases across, wildcards,
 * empty names between; and, if wanted, with servers that are dead, slow, lame, broken or liars.
 */
final class RandomInternet {
  static final String EVIL = "198.18.66.66";
  private static final String[] TLDS = {"alfa.", "bravo.", "coco."};
  private static final String[] LABELS = {"a", "b", "c", "d"};

  final Internet net;
  private final Random random;
  private final Map<String, List<String>> records = new LinkedHashMap<>();
  private final Map<String, List<String>> servers = new LinkedHashMap<>();
  private final List<String> origins = new ArrayList<>();
  private int nextHost = 1;

  /** Which servers are as servers should be. */
  enum Honest {
    ALL,
    /** At least one of each zone. */
    ONE,
    /** Perhaps none. */
    SOME
  }

  RandomInternet(long seed, Honest which) {
    this.random = new Random(seed);
    this.net = new Internet(seed);
    root();
    for (var tld : TLDS) {
      zone(tld, ".");
    }
    for (int i = 0; i < 9; i++) {
      var parent = origins.get(1 + random.nextInt(origins.size() - 1));
      var label = LABELS[random.nextInt(4)] + (random.nextInt(4) == 0 ? ".x" : "");
      var origin = label + "." + parent;
      if (!records.containsKey(origin) && records.keySet().stream().noneMatch(origin::endsWith)
          || !records.containsKey(origin) && parentOf(origin).equals(parent)) {
        zone(origin, parent);
      }
    }
    origins.forEach(this::fill);
    origins.forEach(
        o -> net.zone(o, String.join(" ", servers.get(o)), records.get(o).toArray(String[]::new)));
    if (which != Honest.ALL) {
      var good =
          which == Honest.SOME
              ? Set.<String>of()
              : servers.values().stream().map(List::getFirst).collect(Collectors.toSet());
      servers.values().stream()
          .flatMap(List::stream)
          .distinct()
          .filter(s -> !good.contains(s))
          .forEach(this::spoil);
      net.host(EVIL)
          .twist(
              (query, honest) -> {
                var reply = Internet.empty(query);
                reply.getHeader().setFlag(Flags.AA);
                reply.addRecord(evil(query.getQuestion().getName().toString()), Section.ANSWER);
                return reply;
              });
    }
  }

  /** Records of each zone, in master file form. */
  Map<String, List<String>> records() {
    return records;
  }

  /** Addresses of each zone's servers. */
  Map<String, List<String>> servers() {
    return servers;
  }

  private String parentOf(String origin) {
    var name = origin;
    while (true) {
      name = name.substring(name.indexOf('.') + 1);
      if (records.containsKey(name)) {
        return name;
      }
    }
  }

  private String host() {
    int number = nextHost++;
    return "198.18." + (1 + number / 200) + "." + (1 + number % 200);
  }

  private void root() {
    var lines = new ArrayList<String>();
    var hosts = new ArrayList<String>();
    for (var letter : List.of("a", "b")) {
      var host = host();
      hosts.add(host);
      lines.add("@ NS " + letter + ".root.");
      lines.add(letter + ".root. A " + host);
      net.hint(letter + ".root.", host);
    }
    origins.add(".");
    records.put(".", lines);
    servers.put(".", hosts);
  }

  /** A zone with its delegation at the parent. */
  private void zone(String origin, String parent) {
    int count = 1 + random.nextInt(3);
    var lines = new ArrayList<String>();
    var hosts = new ArrayList<String>();
    boolean outside = origins.size() > 3 && random.nextInt(3) == 0;
    for (int i = 0; i < count; i++) {
      if (outside) {
        // a server of another zone, without glue: its name is looked up
        var other = origins.get(1 + random.nextInt(3));
        var name = "ns" + i + "." + other;
        hosts.add(ofServer(other, name));
        lines.add("@ NS " + name);
        records.get(parent).add(origin + " NS " + name);
      } else {
        var host = random.nextInt(4) == 0 ? servers.get(parent).getFirst() : host();
        var name = "ns" + i + "." + origin;
        hosts.add(host);
        lines.add("@ NS " + name);
        lines.add(name + " A " + host);
        records.get(parent).add(origin + " NS " + name);
        records.get(parent).add(name + " A " + host);
      }
    }
    origins.add(origin);
    records.put(origin, lines);
    servers.put(origin, hosts);
  }

  /** The address of a server whose name is in a zone, made now if it has none. */
  private String ofServer(String zone, String name) {
    for (var line : records.get(zone)) {
      if (line.startsWith(name + " A ")) {
        return line.substring(name.length() + 3);
      }
    }
    var host = host();
    records.get(zone).add(name + " A " + host);
    return host;
  }

  private void fill(String origin) {
    if (origin.equals(".")) {
      return;
    }
    var lines = records.get(origin);
    for (var label : List.of("www", "mail", "e.m.p.t.y", "*.wild", "p", "q", "r")) {
      switch (label) {
        case "www" -> lines.add("www A 192.0.2." + random.nextInt(255));
        case "mail" -> lines.add("mail AAAA 2001:db8::" + random.nextInt(999));
        case "e.m.p.t.y" -> lines.add("e.m.p.t.y TXT \"deep\"");
        case "*.wild" -> lines.add("*.wild " + (random.nextBoolean() ? "A 192.0.2.1" : alias()));
        default -> lines.add(label + " " + alias());
      }
    }
    if (random.nextInt(3) == 0) {
      lines.add("old DNAME " + origins.get(1 + random.nextInt(origins.size() - 1)));
    }
  }

  private String alias() {
    return "CNAME "
        + List.of("www.", "p.", "q.", "mail.", "none.", "x.wild.").get(random.nextInt(6))
        + origins.get(1 + random.nextInt(origins.size() - 1));
  }

  private void spoil(String address) {
    var host = net.host(address);
    switch (random.nextInt(26)) {
      case 0 -> host.dead();
      case 1 -> host.takes(900);
      case 2 -> host.loses(0.4);
      case 3 -> host.says(Rcode.REFUSED);
      case 4 -> host.says(Rcode.SERVFAIL);
      case 5 -> host.cuts();
      case 6 -> host.cuts().withoutTcp();
      case 7 -> host.mangles();
      case 8 -> host.mangles().withoutTcp();
      case 9 -> host.refusesEdns(Rcode.FORMERR);
      case 10 -> host.refusesEdns(Rcode.NOTIMP);
      case 11 -> host.ignoresEdns();
      case 12 ->
          host.twist(
              (query, honest) -> {
                honest.getHeader().unsetFlag(Flags.AA);
                return honest;
              });
      case 13 -> // refers to the root
          host.twist(
              (query, honest) -> {
                var reply = Internet.empty(query);
                reply.addRecord(
                    new NSRecord(Internet.n("."), 1, 60, Internet.n("a.root.")), Section.AUTHORITY);
                return reply;
              });
      case 14 -> // refers to itself for ever
          host.twist(
              (query, honest) -> {
                var reply = Internet.empty(query);
                var name = query.getQuestion().getName();
                reply.addRecord(
                    new NSRecord(
                        name, 1, 60, Internet.n("ns.self." + (name.labels() == 1 ? "" : name))),
                    Section.AUTHORITY);
                return reply;
              });
      case 15 -> // leaves out glue
          host.twist(
              (query, honest) -> {
                honest.removeAllRecords(Section.ADDITIONAL);
                return honest;
              });
      case 16, 17, 18 -> // forges what is not its own
          host.twist(
              (query, honest) -> {
                for (var tld : TLDS) {
                  if (host.zones.keySet().stream().noneMatch(z -> Internet.n(tld).subdomain(z))) {
                    honest.addRecord(evil("www." + tld), Section.ANSWER);
                    honest.addRecord(
                        new NSRecord(Internet.n(tld), 1, 60, Internet.n("ns.evil.")),
                        Section.AUTHORITY);
                  }
                }
                honest.addRecord(evil("ns.evil."), Section.ADDITIONAL);
                return honest;
              });
      default -> {}
    }
  }

  private static org.xbill.DNS.Record evil(String name) {
    return new org.xbill.DNS.ARecord(Internet.n(name), 1, 86_400, Internet.ip(EVIL));
  }

  /** A name in or beside the zones. */
  String name() {
    var origin = origins.get(random.nextInt(origins.size()));
    var suffix = origin.equals(".") ? "" : origin;
    return switch (random.nextInt(14)) {
      case 0 -> origin;
      case 1 -> "none." + suffix;
      case 2 -> "very.much.none." + suffix;
      case 3 -> "e.m.p.t.y." + suffix;
      case 4 -> "p.t.y." + suffix;
      case 5 -> "y.wild." + suffix;
      case 6 -> "www.old." + suffix;
      case 7 -> "ns0." + suffix;
      case 8 -> "p." + suffix;
      case 9 -> "q." + suffix;
      case 10 -> "r." + suffix;
      case 11 -> "mail." + suffix;
      default -> "www." + suffix;
    };
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    records.forEach(
        (origin, lines) ->
            text.append(origin).append(' ').append(servers.get(origin)).append(lines).append('\n'));
    return text + String.join("\n", net.steps);
  }
}
