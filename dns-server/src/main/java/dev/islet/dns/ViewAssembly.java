package dev.islet.dns;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.net.Prefix;
import dev.islet.dns.chain.View;
import dev.islet.dns.filter.Clients;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.zone.Zone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/** Turns the configuration of views into what the chain takes; reads their zones. */
final class ViewAssembly {
  private static final Acl EVERYBODY =
      new Acl(List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));
  private static final Acl NOBODY = new Acl(List.of());

  private ViewAssembly() {}

  /**
   * The views.
   *
   * @param ours names that are not special to anybody: common zones, suffixes with servers of their
   *     own, functions
   * @throws ConfigException every zone's fault, with file and line
   */
  static List<View> views(DnsConfig config, Set<Name> ours, String source) {
    var views = new ArrayList<View>();
    var problems = new ArrayList<Problem>();
    config
        .views()
        .forEach(
            (name, view) -> {
              var zones = new ArrayList<Zone>();
              view.zones()
                  .forEach(
                      (text, zone) -> {
                        try {
                          zones.add(Assembly.read(config, text, zone));
                        } catch (ZoneFault e) {
                          problems.add(
                              problem(
                                  "views." + name + ".zones." + text,
                                  zone.file().isPresent(),
                                  e,
                                  source));
                        }
                      });
              var known = new HashSet<>(ours);
              zones.forEach(z -> known.add(z.origin()));
              views.add(
                  new View(
                      name,
                      Clients.parse(view.clients()),
                      view.keys().stream()
                          .map(k -> DnsConfig.name("keys", k))
                          .collect(Collectors.toSet()),
                      zones,
                      view.recursion().map(r -> r ? EVERYBODY : NOBODY),
                      new SpecialNames(known, Designation.records(config))));
            });
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return views;
  }

  private static Problem problem(String key, boolean file, ZoneFault fault, String source) {
    return new Problem(
        file ? fault.where() : source,
        Math.max(1, fault.line()),
        1,
        file ? key : fault.where().replaceFirst("^zones\\..*\\.(?=records)", key + "."),
        String.valueOf(fault.getMessage()));
  }
}
