package dev.islet.monitor.house;

import static dev.islet.monitor.wire.JsonReader.list;
import static dev.islet.monitor.wire.JsonReader.object;

import dev.islet.monitor.model.Sample;
import dev.islet.monitor.model.ServiceSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The map of the house, drawn from what runs: the board, its interfaces, the services where they
 * listen, the clients that have a lease, and the neighbours that routes come from.
 */
public record HouseMap(List<Node> nodes, List<Link> links) {
  /** More clients than a map can show. */
  private static final int MOST_CLIENTS = 64;

  /**
   * @param kind board, service, interface, client, neighbor or internet
   */
  public record Node(String id, String kind, String label, String detail, String state) {}

  /** Two nodes that speak with each other, and how. */
  public record Link(String from, String to, String label) {}

  /**
   * Draws it.
   *
   * @param states of the services that hold clients and neighbours, where they could be asked
   */
  public static HouseMap of(Sample sample, Map<String, Map<String, @Nullable Object>> states) {
    var drawing = new Drawing(sample);
    drawing.board();
    sample.services().forEach(drawing::service);
    drawing.clients(states.getOrDefault("dhcp", Map.of()));
    drawing.neighbors(states.getOrDefault("router", Map.of()));
    drawing.upstream(states.getOrDefault("dns", Map.of()));
    return new HouseMap(List.copyOf(drawing.nodes.values()), List.copyOf(drawing.links));
  }

  private static final class Drawing {
    private final Sample sample;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Set<Link> links = new LinkedHashSet<>();

    Drawing(Sample sample) {
      this.sample = sample;
    }

    void board() {
      var host = sample.host();
      var model = host.model();
      node("board", "board", host.name(), model == null ? "" : model, "up");
      for (var nic : sample.interfaces()) {
        if (!nic.addresses().isEmpty()) {
          node(
              nic.name(),
              "interface",
              nic.name(),
              String.join(", ", nic.addresses()),
              nic.up() ? "up" : "down");
          links.add(new Link("board", nic.name(), ""));
        }
      }
    }

    void service(ServiceSample service) {
      node(
          service.name(),
          "service",
          service.name().toUpperCase(java.util.Locale.ROOT),
          String.join(", ", service.endpoints()),
          service.state());
      boolean linked = false;
      for (var endpoint : service.endpoints()) {
        int space = endpoint.indexOf(' ');
        int colon = endpoint.lastIndexOf(':');
        if (space < 0 || colon < space) {
          continue;
        }
        var label = endpoint.substring(0, space) + " " + endpoint.substring(colon + 1);
        for (var nic : nics(endpoint.substring(space + 1, colon).replaceAll("[\\[\\]]", ""))) {
          links.add(new Link(service.name(), nic, label));
          linked = true;
        }
      }
      if (!linked) {
        links.add(new Link(service.name(), "board", ""));
      }
    }

    /** The interfaces that an address to listen on means. */
    private List<String> nics(String address) {
      boolean all = address.equals("0.0.0.0") || address.matches("[0:]+");
      var found = new ArrayList<String>();
      for (var nic : sample.interfaces()) {
        for (var own : nic.addresses()) {
          if (all && !nic.name().equals("lo") || own.startsWith(address + "/")) {
            found.add(nic.name());
            break;
          }
        }
      }
      return found;
    }

    void clients(Map<String, @Nullable Object> state) {
      int count = 0;
      for (var lease : Tables.LEASES.rows(state)) {
        if (!"BOUND".equals(lease.get("state")) || count++ >= MOST_CLIENTS) {
          continue;
        }
        var address = String.valueOf(lease.get("address"));
        var name = lease.get("name");
        var id = "client " + address;
        node(
            id,
            "client",
            name == null || name.toString().isEmpty() ? address : name.toString(),
            address + " " + lease.get("mac"),
            "up");
        var via = nicOf(address);
        links.add(new Link(id, via == null ? "dhcp" : via, ""));
      }
    }

    /** The interface whose first three bytes are the client's: near enough for a drawing. */
    private @Nullable String nicOf(String address) {
      int dot = address.lastIndexOf('.');
      for (var nic : sample.interfaces()) {
        for (var own : nic.addresses()) {
          if (dot > 0 && own.startsWith(address.substring(0, dot + 1))) {
            return nic.name();
          }
        }
      }
      return null;
    }

    void neighbors(Map<String, @Nullable Object> state) {
      for (var protocol : List.of("rip", "ospf", "bgp")) {
        for (var each : list(object(state.get(protocol)).get("neighbors"))) {
          var neighbor = object(each);
          var address = String.valueOf(neighbor.getOrDefault("address", neighbor.get("id")));
          var id = "neighbor " + address;
          node(id, "neighbor", address, protocol, "up");
          links.add(new Link(id, "router", protocol));
        }
      }
    }

    void upstream(Map<String, @Nullable Object> state) {
      for (var each : list(state.get("forwarders"))) {
        var address = each instanceof Map<?, ?> parts ? parts.get("address") : each;
        node("internet", "internet", "Internet", "", "up");
        links.add(new Link("dns", "internet", "asks " + address));
      }
    }

    private void node(String id, String kind, String label, String detail, String state) {
      nodes.putIfAbsent(id, new Node(id, kind, label, detail, state));
    }
  }
}
