package dev.islet.web.site;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All sites, found by the name a request is for. Unchanging; a reload makes another. */
public final class Sites {
  private final List<Site> all;
  private final Map<String, Site> exact = new HashMap<>();
  private final Map<String, Site> below = new HashMap<>();
  private final Optional<Site> standing;

  /**
   * Puts them in order.
   *
   * @throws IllegalArgumentException if two have the same name or two answer for unknown names
   */
  public Sites(List<Site> sites) {
    this.all = List.copyOf(sites);
    for (var site : all) {
      for (var name : site.names()) {
        var before =
            name.startsWith("*.") ? below.put(name.substring(2), site) : exact.put(name, site);
        if (before != null) {
          throw new IllegalArgumentException(
              "both " + before.name() + " and " + site.name() + " answer for " + name);
        }
      }
    }
    var defaults = all.stream().filter(Site::standing).toList();
    if (defaults.size() > 1) {
      throw new IllegalArgumentException(
          "both "
              + defaults.get(0).name()
              + " and "
              + defaults.get(1).name()
              + " are the default site");
    }
    this.standing = defaults.stream().findFirst();
  }

  /** In the order of the configuration. */
  public List<Site> all() {
    return all;
  }

  /**
   * The site for a host: its exact name, else the longest wildcard above it, else the default site;
   * empty if there is none, which is answered with 421 (RFC 9110 section 15.5.20).
   *
   * @param host lower case, without a port
   */
  public Optional<Site> find(String host) {
    var site = exact.get(host);
    if (site != null) {
      return Optional.of(site);
    }
    if (!below.isEmpty()) {
      for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
        var wild = below.get(host.substring(dot + 1));
        if (wild != null) {
          return Optional.of(wild);
        }
      }
    }
    return standing;
  }
}
