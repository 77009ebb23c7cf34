package dev.islet.web.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client takes, with weights (RFC 9110 section 12.4.2): the value of Accept-Encoding or
 * Accept.
 */
public final class Accepts {
  private record Weighted(String what, int weight) {}

  private final List<Weighted> list = new ArrayList<>();

  private Accepts() {}

  /** Reads a field value; members that are not well-formed are passed over. */
  public static Accepts parse(String value) {
    var accepts = new Accepts();
    for (var member : value.split(",")) {
      var parts = member.split(";");
      if (parts.length == 0) {
        continue;
      }
      var what = parts[0].strip().toLowerCase(Locale.ROOT);
      int weight = 1000;
      for (int i = 1; i < parts.length; i++) {
        var parameter = parts[i].strip().toLowerCase(Locale.ROOT);
        if (parameter.startsWith("q=")) {
          weight = weight(parameter.substring(2));
        }
      }
      if (!what.isEmpty() && weight >= 0 && accepts.list.size() < 32) {
        accepts.list.add(new Weighted(what, weight));
      }
    }
    return accepts;
  }

  /**
   * The best of what is offered, first offers winning ties; empty if none is acceptable. {@code
   * identity} is acceptable unless it is ruled out (section 12.5.3), and least liked unless named.
   */
  public Optional<String> bestEncoding(List<String> offers) {
    var best = Optional.<String>empty();
    int bestWeight = 0;
    for (var offer : offers) {
      int weight = encodingWeight(offer);
      if (weight > bestWeight) {
        best = Optional.of(offer);
        bestWeight = weight;
      }
    }
    return best;
  }

  /** The weight of a media type in thousandths, by the most specific range that names it. */
  public int typeWeight(String type) {
    int weight = 0;
    int specific = -1;
    for (var each : list) {
      int how =
          each.what().equals(type)
              ? 2
              : each.what().endsWith("/*")
                      && type.startsWith(each.what().substring(0, each.what().length() - 1))
                  ? 1
                  : each.what().equals("*/*") ? 0 : -1;
      if (how > specific) {
        specific = how;
        weight = each.weight();
      }
    }
    return weight;
  }

  private int encodingWeight(String coding) {
    int star = -1;
    for (var each : list) {
      if (each.what().equals(coding) || coding.equals("gzip") && each.what().equals("x-gzip")) {
        return each.weight();
      }
      if (each.what().equals("*")) {
        star = each.weight();
      }
    }
    if (coding.equals("identity")) {
      return star == 0 ? 0 : 1;
    }
    return Math.max(star, 0);
  }

  private static int weight(String text) {
    if (!text.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")) {
      return -1;
    }
    return (int) Math.round(Double.parseDouble(text) * 1000);
  }
}
