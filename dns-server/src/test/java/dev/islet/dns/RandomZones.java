package dev.islet.dns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Zones full of what authoritative servers get wrong: wildcards, empty non-terminals, delegations
 * with and without glue, aliases into each other and out, DNAMEs; and questions around all of it.
 */
final class RandomZones {
  static final List<String> ORIGINS = List.of("alpha.test.", "beta.test.", "kid.alpha.test.");
  private static final String[] LABELS = {"a", "b", "c", "*", "kid"};
  private static final String[] TYPES = {
    "A", "AAAA", "TXT", "MX", "NS", "CNAME", "SOA", "SRV", "DS", "DNAME", "PTR", "TYPE65280", "ANY"
  };

  private final Random random;
  private final Map<String, List<String>> texts = new LinkedHashMap<>();

  RandomZones(long seed) {
    random = new Random(seed);
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
    var owners = new TreeMap<String, Boolean>();
    for (int i = 0; i < 40; i++) {
      owners.put(relative(1 + random.nextInt(4)), true);
    }
    if (origin.equals("alpha.test.")) {
      owners.remove("kid");
      lines.add("kid NS ns.kid");
      lines.add("ns.kid A 192.0.2.77");
      if (random.nextBoolean()) {
        lines.add("kid DS 1 13 2 " + "ab".repeat(32));
      }
    }
    owners.remove("ns");
    for (var owner : owners.keySet()) {
      boolean star = owner.startsWith("*");
      switch (random.nextInt(star ? 6 : 9)) {
        case 0, 1 -> {
          lines.add(owner + " A 192.0.2." + random.nextInt(255));
          if (random.nextBoolean()) {
            lines.add(owner + " A 198.51.100." + random.nextInt(255));
          }
        }
        case 2 -> {
          lines.add(owner + " TXT \"" + owner + "\"");
          lines.add(owner + " AAAA 2001:db8::" + random.nextInt(999));
        }
        case 3 -> lines.add(owner + " MX 10 " + target());
        case 4 -> lines.add(owner + " CNAME " + target());
        case 5 -> {
          lines.add(owner + " SRV 0 0 5060 " + target());
          lines.add(owner + " TYPE65280 \\# 3 010203");
        }
        case 6 -> {
          lines.add(owner + " NS " + "ns1." + owner);
          lines.add(owner + " NS ns." + ORIGINS.get(random.nextInt(2)));
          lines.add("ns1." + owner + " A 192.0.2.99");
          if (random.nextBoolean()) {
            lines.add(owner + " DS 2 13 2 " + "cd".repeat(32));
          }
        }
        case 7 -> {
          lines.add(owner + " DNAME " + target());
          if (random.nextBoolean()) {
            lines.add(owner + " TXT \"beside a DNAME\"");
          }
        }
        default -> lines.add(owner + " A 203.0.113." + random.nextInt(255));
      }
    }
    return lines;
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
      case 1, 2 -> name + ".beta.test.";
      case 3 -> name + ".alpha.test.";
      case 4 -> "nowhere." + name + ".beta.test.";
      default -> name;
    };
  }

  /** A name in or just beside the zones. */
  String question() {
    var origin = ORIGINS.get(random.nextInt(ORIGINS.size()));
    if (random.nextInt(20) == 0) {
      return origin;
    }
    var name = new StringBuilder();
    int depth = 1 + random.nextInt(5);
    for (int i = 0; i < depth; i++) {
      int kind = random.nextInt(12);
      var label =
          kind == 0 ? "zz" : kind == 1 ? "ns" : kind == 2 ? "ns1" : LABELS[random.nextInt(5)];
      name.append(label).append('.');
    }
    return name + origin;
  }

  String type() {
    return TYPES[random.nextInt(TYPES.length)];
  }
}
