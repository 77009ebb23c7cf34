package dev.islet.dns;

import dev.islet.core.config.ConfigFile;
import dev.islet.dns.filter.BlockReply;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Rules about names, written in code. */
public final class FilterSetup {
  private final FilterConfig defaults = ConfigFile.defaults(FilterConfig.class);
  private final Map<String, FilterConfig.ListConfig> lists = new LinkedHashMap<>();
  private final Map<String, FilterConfig.GroupConfig> groups = new LinkedHashMap<>();
  private BlockReply answer = defaults.answer();
  private Duration ttl = defaults.ttl();
  private Optional<String> timeZone = Optional.empty();
  private boolean rebinding = defaults.rebinding();
  private List<String> privateNames = List.of();

  FilterSetup() {}

  /** Uses a list of names; its form is told by its first lines. */
  public FilterSetup list(String name, Path file) {
    lists.put(
        name,
        new FilterConfig.ListConfig(
            Optional.of(file),
            Optional.empty(),
            Duration.ofDays(1),
            Optional.empty(),
            FilterConfig.Reason.BLOCKED));
    return this;
  }

  /**
   * Uses a list of names on the web, http or https; its copy in the server's folder is looked after
   * once a day.
   */
  public FilterSetup list(String name, URI url) {
    lists.put(
        name,
        new FilterConfig.ListConfig(
            Optional.empty(),
            Optional.of(url.toString()),
            Duration.ofDays(1),
            Optional.empty(),
            FilterConfig.Reason.BLOCKED));
    return this;
  }

  /** Askers with rules of their own. Without a group, all lists hold for everybody. */
  public FilterSetup group(String name, Consumer<? super GroupSetup> rules) {
    var group = new GroupSetup();
    rules.accept(group);
    groups.put(name, group.config());
    return this;
  }

  /** What blocked names get: {@code zero}, {@code nxdomain}, {@code nodata}, or addresses. */
  public FilterSetup answer(String reply) {
    answer = BlockReply.parse(reply);
    return this;
  }

  /** How long answers of the filter may be remembered. */
  public FilterSetup ttl(Duration time) {
    ttl = time;
    return this;
  }

  /** The time zone of schedules, like {@code Europe/Berlin}; the machine's without it. */
  public FilterSetup timeZone(String zone) {
    timeZone = Optional.of(zone);
    return this;
  }

  /** Lets public names have private addresses. */
  public FilterSetup allowRebinding() {
    rebinding = false;
    return this;
  }

  /** Names that may have private addresses, with all below. */
  public FilterSetup privateNames(String... names) {
    privateNames = List.of(names);
    return this;
  }

  FilterConfig config() {
    return new FilterConfig(lists, groups, answer, ttl, timeZone, rebinding, privateNames);
  }

  /** The rules of some askers, written in code. */
  public static final class GroupSetup {
    private List<String> clients = List.of();
    private List<String> lists = List.of();
    private List<String> allow = List.of();
    private List<String> block = List.of();
    private boolean safe;
    private final List<FilterConfig.TimesConfig> times = new ArrayList<>();

    private GroupSetup() {}

    /** Addresses, networks and hardware addresses; all others without any. */
    public GroupSetup clients(String... who) {
      clients = List.of(who);
      return this;
    }

    /** Lists that hold for it. */
    public GroupSetup lists(String... names) {
      lists = List.of(names);
      return this;
    }

    /** Names that are never blocked, with all below. */
    public GroupSetup allow(String... names) {
      allow = List.of(names);
      return this;
    }

    /** Names that are blocked, with all below; {@code "*"} means all. */
    public GroupSetup block(String... names) {
      block = List.of(names);
      return this;
    }

    /** Asks search engines for safe results. */
    public GroupSetup safeSearch() {
      safe = true;
      return this;
    }

    /** Blocks names at times, like {@code "mon-fri"} and {@code "21:00-07:00"}. */
    public GroupSetup times(String days, String hours, String... names) {
      times.add(
          new FilterConfig.TimesConfig(
              Arrays.asList(days.split(",")), hours, List.of(), List.of(names)));
      return this;
    }

    private FilterConfig.GroupConfig config() {
      return new FilterConfig.GroupConfig(clients, lists, allow, block, safe, times);
    }
  }
}
