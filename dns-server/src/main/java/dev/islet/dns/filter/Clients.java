package dev.islet.dns.filter;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Some askers: by network, by address, by the hardware address of their network card.
 *
 * @param networks in no order; a single address is one of full length
 * @param cards hardware addresses
 */
public record Clients(List<Prefix> networks, Set<MacAddress> cards) {
  public static final Clients NOBODY = new Clients(List.of(), Set.of());

  public Clients {
    networks = List.copyOf(networks);
    cards = Set.copyOf(cards);
  }

  /**
   * Reads addresses, networks and hardware addresses.
   *
   * @throws IllegalArgumentException if one is none of these
   */
  public static Clients parse(List<String> texts) {
    var networks = new ArrayList<Prefix>();
    var cards = new HashSet<MacAddress>();
    for (var text : texts) {
      if (text.matches("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")) {
        cards.add(MacAddress.parse(text));
      } else if (text.contains("/")) {
        networks.add(Prefix.parse(text));
      } else {
        networks.add(address(text));
      }
    }
    return new Clients(networks, cards);
  }

  private static Prefix address(String text) {
    try {
      return Prefix.parse(text + (text.indexOf(':') >= 0 ? "/128" : "/32"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is neither an address, nor a network, nor a hardware address", e);
    }
  }

  /** Whether an asker is one of them. */
  public boolean has(InetAddress address, Optional<MacAddress> card) {
    return closeness(address, card) >= 0;
  }

  /** How exactly an asker is named: a card before an address before networks; -1 if not at all. */
  public int closeness(InetAddress address, Optional<MacAddress> card) {
    if (card.isPresent() && cards.contains(card.get())) {
      return Integer.MAX_VALUE;
    }
    int best = -1;
    for (var network : networks) {
      if (network.length() > best && network.contains(address)) {
        best = network.length();
      }
    }
    return best;
  }

  boolean isEmpty() {
    return networks.isEmpty() && cards.isEmpty();
  }
}
