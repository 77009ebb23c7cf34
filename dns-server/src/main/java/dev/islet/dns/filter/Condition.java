package dev.islet.dns.filter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * When a rule holds, by the modifiers of ad blockers.
 *
 * @param except names that it does not hold for, nor for those below ({@code denyallow})
 * @param clients whom it holds for; everybody if empty, apart from {@code notClients}
 * @param groups names of groups whom it holds for
 * @param types types asked for that it holds for; all if empty, apart from {@code notTypes}
 */
record Condition(
    List<Name> except,
    Clients clients,
    Set<String> groups,
    Clients notClients,
    Set<String> notGroups,
    Set<Integer> types,
    Set<Integer> notTypes) {

  /** Reads modifiers with commas between them; empty if one cannot be read. */
  static Optional<Condition> parse(String text) {
    var except = new ArrayList<Name>();
    var clients = List.of(new ArrayList<String>(), new ArrayList<String>());
    var types = List.of(new HashSet<Integer>(), new HashSet<Integer>());
    try {
      for (var modifier : text.split(",")) {
        int equals = modifier.indexOf('=');
        for (var raw : modifier.substring(equals + 1).split("\\|")) {
          boolean not = raw.startsWith("~");
          var value = raw.substring(not ? 1 : 0).replaceAll("^['\"]|['\"]$", "");
          if (value.isEmpty()) {
            return Optional.empty();
          }
          switch (modifier.substring(0, Math.max(0, equals))) {
            case "denyallow" -> except.add(Name.fromString(value, Name.root));
            case "client" -> clients.get(not ? 1 : 0).add(value);
            case "dnstype" -> {
              int type = Type.value(value);
              if (type < 0) {
                return Optional.empty();
              }
              types.get(not ? 1 : 0).add(type);
            }
            default -> {
              return Optional.empty();
            }
          }
        }
      }
    } catch (TextParseException e) {
      return Optional.empty();
    }
    return Optional.of(
        new Condition(
            except,
            addresses(clients.get(0)),
            names(clients.get(0)),
            addresses(clients.get(1)),
            names(clients.get(1)),
            types.get(0),
            types.get(1)));
  }

  private static boolean isAddress(String text) {
    try {
      Clients.parse(List.of(text));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Clients addresses(List<String> texts) {
    return Clients.parse(texts.stream().filter(Condition::isAddress).toList());
  }

  private static Set<String> names(List<String> texts) {
    return Set.copyOf(texts.stream().filter(t -> !isAddress(t)).toList());
  }

  boolean needsCards() {
    return !clients.cards().isEmpty() || !notClients.cards().isEmpty();
  }

  boolean holds(Name name, Asker asker, int type) {
    for (var each : except) {
      if (name.subdomain(each)) {
        return false;
      }
    }
    if (!types.isEmpty() && !types.contains(type) || notTypes.contains(type)) {
      return false;
    }
    if (named(notClients, notGroups, asker)) {
      return false;
    }
    boolean everybody = clients.isEmpty() && groups.isEmpty();
    return everybody || named(clients, groups, asker);
  }

  private static boolean named(Clients clients, Set<String> groups, Asker asker) {
    return clients.has(asker.address(), asker.card()) || groups.contains(asker.group());
  }
}
