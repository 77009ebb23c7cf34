package dev.islet.dns;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.admin.Explanation;
import dev.islet.dns.filter.BlockList;
import dev.islet.dns.filter.Cards;
import dev.islet.dns.filter.Clients;
import dev.islet.dns.filter.Decision;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.filter.Group;
import dev.islet.dns.filter.Rebinding;
import dev.islet.dns.filter.Schedule;
import dev.islet.dns.filter.SetBuilder;
import dev.islet.dns.store.ListDownloads;
import dev.islet.dns.store.ListStore;
import dev.islet.dns.store.ZoneFault;
import java.io.IOException;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/** Turns the configuration of the filter into a {@link Filter}; reads and compiles its lists. */
final class FilterAssembly {
  private final ListStore store;
  private final Cards cards;
  private final TimeSource time;

  FilterAssembly(ListStore store, Cards cards, TimeSource time) {
    this.store = store;
    this.cards = cards;
    this.time = time;
  }

  /**
   * The filter of a configuration.
   *
   * @throws ConfigException every list's fault
   */
  Filter filter(DnsConfig whole, String source) {
    var config = whole.filter();
    var lists = lists(config, source);
    var groups = new ArrayList<Group>();
    config.groups().forEach((name, group) -> groups.add(group(name, group, lists)));
    if (groups.isEmpty() && !lists.isEmpty()) {
      groups.add(new Group("", Clients.NOBODY, List.copyOf(lists.values()), List.of(), false));
    }
    var mayBePrivate = new ArrayList<Name>();
    config.privateNames().forEach(n -> mayBePrivate.add(DnsConfig.name("private-names", n)));
    whole.forwardZones().keySet().forEach(n -> mayBePrivate.add(DnsConfig.name("", n)));
    return new Filter(
        groups,
        cards,
        config.answer(),
        config.ttl().toSeconds(),
        new Rebinding(config.rebinding(), mayBePrivate),
        time,
        config.timeZone().map(ZoneId::of).orElseGet(ZoneId::systemDefault));
  }

  /** Where a list is read from: its file, or the copy of what is on the web. */
  private ListStore.Source source(String name, FilterConfig.ListConfig list) {
    var file =
        list.file()
            .or(() -> store.copy(name))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "list "
                            + name
                            + ": one from the web needs a folder for its copy; give the server one"
                            + " with home(…)"));
    return new ListStore.Source(name, file, list.format());
  }

  /** The lists in use that are on the web. */
  List<ListDownloads.Remote> remotes(FilterConfig config) {
    var used = config.used();
    var remotes = new ArrayList<ListDownloads.Remote>();
    config
        .lists()
        .forEach(
            (name, list) ->
                list.uri()
                    .filter(uri -> used.contains(name))
                    .ifPresent(
                        uri ->
                            remotes.add(
                                new ListDownloads.Remote(
                                    source(name, list), uri, list.refresh()))));
    return remotes;
  }

  /** Which rule of which list decided, with the line if the list is as it was then. */
  Explanation.Rule rule(Decision decision, FilterConfig config, String source) {
    var called = decision.list().name();
    for (var each : config.lists().entrySet()) {
      if (called.equals(called(each.getKey()))) {
        var list = each.getValue();
        var from = source(each.getKey(), list);
        return new Explanation.Rule(
            called,
            decision.words(),
            list.url().orElse(from.file().toString()),
            line(from, decision));
      }
    }
    return new Explanation.Rule(called, decision.words(), source, Optional.empty());
  }

  private Optional<Integer> line(ListStore.Source from, Decision decision) {
    try {
      return store.line(from, decision);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** How a list is called in answers and traces. */
  private static String called(String list) {
    return "list " + list;
  }

  private Map<String, BlockList> lists(FilterConfig config, String source) {
    var used = config.used();
    var lists = new java.util.LinkedHashMap<String, BlockList>();
    var problems = new ArrayList<Problem>();
    config
        .lists()
        .forEach(
            (name, list) -> {
              if (used.contains(name)) {
                try {
                  var from = source(name, list);
                  boolean awaited = list.url().isPresent() && !Files.exists(from.file());
                  var set = awaited ? new SetBuilder().build() : store.load(from);
                  lists.put(name, new BlockList(called(name), set, list.reason().code()));
                } catch (ZoneFault e) {
                  problems.add(
                      new Problem(
                          source, 1, 1, "filter.lists." + name, e.where() + ": " + e.getMessage()));
                }
              }
            });
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return lists;
  }

  private static Group group(
      String name, FilterConfig.GroupConfig config, Map<String, BlockList> lists) {
    int filtered = FilterConfig.Reason.FILTERED.code();
    var own = new ArrayList<BlockList>();
    if (!config.allow().isEmpty() || !config.block().isEmpty()) {
      own.add(BlockList.of("groups." + name, config.allow(), config.block(), filtered));
    }
    config.lists().forEach(l -> own.add(lists.get(l)));
    var schedules = new ArrayList<Schedule>();
    for (int i = 0; i < config.times().size(); i++) {
      var times = config.times().get(i);
      var then = new ArrayList<BlockList>();
      if (!times.block().isEmpty()) {
        var where = "groups." + name + ".times[" + i + "] (" + times.hours() + ")";
        then.add(BlockList.of(where, List.of(), times.block(), filtered));
      }
      times.lists().forEach(l -> then.add(lists.get(l)));
      var clock = times.clock();
      schedules.add(new Schedule(times.week(), clock.get(0), clock.get(1), then));
    }
    return new Group(name, Clients.parse(config.clients()), own, schedules, config.safeSearch());
  }
}
