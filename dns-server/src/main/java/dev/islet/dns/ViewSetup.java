package dev.islet.dns;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What some askers see, written in code. */
public final class ViewSetup {
  private final Map<String, DnsConfig.ZoneConfig> zones = new LinkedHashMap<>();
  private List<String> clients = List.of();
  private List<String> keys = List.of();
  private Optional<Boolean> recursion = Optional.empty();

  ViewSetup() {}

  /** Addresses and networks of those who see it. */
  public ViewSetup clients(String... networks) {
    clients = List.of(networks);
    return this;
  }

  /** TSIG keys; whoever signs with one sees it. */
  public ViewSetup keys(String... names) {
    keys = List.of(names);
    return this;
  }

  /** A zone in place of the common one of the same name. */
  public ViewSetup zone(String name, Consumer<? super ZoneSetup> records) {
    var zone = new ZoneSetup();
    records.accept(zone);
    zones.put(name, zone.config(Optional.empty()));
    return this;
  }

  /** Whether its askers get names that are not ours. */
  public ViewSetup recursion(boolean allowed) {
    recursion = Optional.of(allowed);
    return this;
  }

  DnsConfig.ViewConfig config() {
    return new DnsConfig.ViewConfig(clients, keys, zones, recursion);
  }
}
