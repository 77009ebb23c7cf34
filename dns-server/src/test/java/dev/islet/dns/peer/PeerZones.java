package dev.islet.dns.peer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Zones full of what authoritative servers get wrong: wildcards, empty non-terminals, delegations
 * with and without glue, aliases into each other, in circles and out, DNAMEs, sets too large for a
 * datagram; and names on, beside, above and below all of it.
 */
final class PeerZones {
  static final List<String> ORIGINS = List.of("alpha.net.", "beta.net.", "kid.alpha.net.");
  private static final String[] LABELS = {"a", "b", "c", "*", "kid"};
  private static final List<String> TYPES =
      List.of(
          "A",
          "AAAA",
          "TXT",
          "MX",
          "NS",
          "CNAME",
          "SOA",
          "SRV",
          "DS",
          "DNAME",
          "PTR",
          "HTTPS",
          "SVCB",
          "NAPTR",
          "CAA",
          "TLSA",
          "KX",
          "AFSDB",
          "DNSKEY",
          "TYPE65280",
          "TYPE65281",
          "ANY");

  private final Random random;
  private final boolean occluded;
  private final Map<String, List<String>> texts = new LinkedHashMap<>();
  private final List<String> owners = new ArrayList<>();

  /**
   * @param occluded whether there are names below a DNAME, where RFC 6672 section 2.4 has none
   */
  PeerZones(long seed, boolean occluded) {
    this.random = new Random(seed);
    this.occluded = occluded;
    for (var origin : ORIGINS) {
      texts.put(origin, zone(origin));
    }
  }

  /** The master file of a zone. */
  String text(String origin) {
    return String.join("\n", texts.get(origin)) + "\n";
  }

  private List<String> zone(String origin) {
    var lines = new ArrayList<String>();
    lines.add("$TTL 300");
    lines.add("$ORIGIN " + origin);
    lines.add("@ 900 SOA ns host 7 3600 900 86400 " + (random.nextBoolean() ? 60 : 7200));
    lines.add("@ NS ns");
    lines.add("@ NS ns.elsewhere.example.");
    lines.add("ns A 192.0.2.1");
    lines.add("long DNAME " + ("y".repeat(62) + ".").repeat(3) + "beta.net.");
    lines.add("around CNAME back.around." + origin);
    lines.add("*.around CNAME around");
    owners.addAll(Collections.nCopies(4, "long." + origin));
    owners.add("around." + origin);
    var names = new TreeSet<String>();
    for (int i = 0; i < 70; i++) {
      names.add(relative(1 + random.nextInt(4)));
    }
    names.remove("ns");
    if (origin.equals("alpha.net.")) {
      names.removeIf(n -> n.equals("kid") || n.endsWith(".kid"));
      lines.add("kid NS ns.kid");
      lines.add("ns.kid A 192.0.2.77");
      if (random.nextBoolean()) {
        lines.add("kid DS 1 13 2 " + "ab".repeat(32));
      }
    }
    var dnames = new HashSet<String>();
    var ordered = new ArrayList<>(names);
    ordered.sort(Comparator.comparingInt(String::length));
    for (var owner : ordered) {
      if (!occluded && dnames.stream().anyMatch(d -> owner.endsWith("." + d))) {
        continue;
      }
      owners.add(owner + "." + origin);
      if (random.nextInt(25) == 0) {
        large(lines, owner);
        continue;
      }
      switch (random.nextInt(owner.startsWith("*") ? 12 : 16)) {
        case 0, 1, 2 -> {
          lines.add(owner + " A 192.0.2." + random.nextInt(255));
          if (random.nextBoolean()) {
            lines.add(owner + " A 198.51.100." + random.nextInt(255));
          }
        }
        case 3 -> {
          lines.add(owner + " TXT \"" + owner + "\"");
          lines.add(owner + " AAAA 2001:db8::" + random.nextInt(999));
        }
        case 4 -> lines.add(owner + " MX 10 " + target());
        case 5, 6 -> lines.add(owner + " CNAME " + target());
        case 7 -> {
          lines.add(owner + " SRV 0 0 5060 " + target());
          lines.add(owner + " TYPE65280 \\# 3 010203");
        }
        case 8 -> lines.add(owner + " NAPTR 1 1 \"" + flag() + "\" \"s\" \"\" " + target());
        case 9 -> lines.add(owner + " HTTPS " + random.nextInt(2) + " " + target());
        case 10 -> {
          lines.add(owner + " CAA 0 issue \"ca.example\"");
          lines.add(owner + " KX 5 " + target());
          lines.add(owner + " AFSDB 1 " + target());
        }
        case 11 -> {
          lines.add(owner + " SVCB 1 . alpn=h2");
          lines.add(owner + " A 192.0.2.111");
          lines.add(owner + " TLSA 3 1 1 " + "cd".repeat(32));
        }
        case 12, 13 -> cut(lines, owner);
        case 14 -> {
          lines.add(owner + " DNAME " + target());
          dnames.add(owner);
          if (random.nextBoolean()) {
            lines.add(owner + " TXT \"beside a DNAME\"");
          }
        }
        default -> lines.add(owner + " PTR " + target());
      }
    }
    return lines;
  }

  /** Glue inside the zone that is cut off, or in a sibling, or elsewhere, or none. */
  private void cut(List<String> lines, String owner) {
    if (random.nextInt(4) > 0) {
      lines.add(owner + " NS ns1." + owner);
      lines.add("ns1." + owner + " A 192.0.2.99");
      if (random.nextBoolean()) {
        lines.add("ns1." + owner + " AAAA 2001:db8::99");
      }
    }
    lines.add(owner + " NS ns." + ORIGINS.get(random.nextInt(2)));
    if (random.nextBoolean()) {
      lines.add(owner + " NS ns1." + relative(2).replace("*", "b"));
    }
    if (random.nextInt(6) == 0) {
      for (int i = 0; i < 30; i++) {
        lines.add(owner + " NS server-number-" + i + "." + owner);
        lines.add("server-number-" + i + "." + owner + " A 203.0.113." + i);
      }
    }
    if (random.nextBoolean()) {
      lines.add(owner + " DS 2 13 2 " + "cd".repeat(32));
    }
  }

  private void large(List<String> lines, String owner) {
    int count = 10 + random.nextInt(60);
    boolean text = random.nextBoolean();
    for (int i = 0; i < count; i++) {
      lines.add(owner + (text ? " TXT \"text number " + i + '"' : " A 203.0.113." + i));
    }
    if (random.nextBoolean()) {
      lines.add(owner + " MX 1 " + target());
    }
  }

  private String flag() {
    return List.of("S", "a", "u", "").get(random.nextInt(4));
  }

  private String relative(int depth) {
    var name = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      var label = LABELS[random.nextInt(i == 0 ? 5 : 3)];
      name.append(i == 0 ? "" : ".").append(label);
    }
    return name.toString();
  }

  private String target() {
    var name = relative(1 + random.nextInt(3)).replace("*", "a");
    return switch (random.nextInt(10)) {
      case 0 -> name + ".outside.example.";
      case 1, 2 -> name + ".beta.net.";
      case 3 -> name + ".alpha.net.";
      case 4 -> "nowhere." + name + ".beta.net.";
      default -> name;
    };
  }

  /** A name in the zones, or just beside them. */
  String question() {
    if (random.nextInt(40) == 0) {
      return List.of(".", "net.", "gamma.net.", "com.", "alpha.ne.").get(random.nextInt(5));
    }
    var name = random.nextInt(12) == 0 ? "" : owners.get(random.nextInt(owners.size()));
    if (name.isEmpty()) {
      name = ORIGINS.get(random.nextInt(ORIGINS.size()));
    }
    var around =
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> name;
          case 3 -> name.substring(name.indexOf('.') + 1); // above
          case 4 -> label() + "." + name.substring(name.indexOf('.') + 1); // beside
          case 5 -> label() + "." + label() + "." + name;
          case 6 -> label() + "." + label() + "." + name.substring(name.indexOf('.') + 1);
          case 7 -> longest(name);
          default -> label() + "." + name; // below
        };
    return random.nextInt(3) == 0 ? mixed(around) : around;
  }

  /** A name below, so long that few DNAMEs can make a name of it. */
  private String longest(String name) {
    int room = 254 - name.length() - random.nextInt(12);
    var labels = new StringBuilder();
    while (room > 1) {
      int length = Math.min(63, room - 1);
      labels.append("x".repeat(length)).append('.');
      room -= length + 1;
    }
    return labels + name;
  }

  private String label() {
    return switch (random.nextInt(9)) {
      case 0 -> "zz";
      case 1 -> "ns1";
      case 2 -> "ns";
      default -> LABELS[random.nextInt(LABELS.length)];
    };
  }

  private String mixed(String name) {
    var text = new StringBuilder();
    name.chars()
        .forEach(c -> text.append((char) (random.nextBoolean() ? Character.toUpperCase(c) : c)));
    return text.toString();
  }

  String type() {
    return TYPES.get(random.nextInt(TYPES.size()));
  }

  Random random() {
    return random;
  }
}
