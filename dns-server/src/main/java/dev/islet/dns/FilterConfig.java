package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.dns.filter.BlockList;
import dev.islet.dns.filter.BlockReply;
import dev.islet.dns.filter.Clients;
import dev.islet.dns.filter.ListFormat;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rules about names that are not ours: lists, groups of askers, schedules. */
public record FilterConfig(
    @Key(value = "lists of names, by a name for each", def = "{}") Map<String, ListConfig> lists,
    @Key(value = "groups of askers; without any, all lists hold for everybody", def = "{}")
        Map<String, GroupConfig> groups,
    @Key(value = "what blocked names get: zero, nxdomain, nodata, or addresses", def = "zero")
        BlockReply answer,
    @Key(value = "how long answers of the filter may be remembered", def = "1m") Duration ttl,
    @Key("time zone of schedules, like Europe/Berlin; the machine's without it")
        Optional<String> timeZone,
    @Key(value = "refuse private addresses in answers of others (DNS rebinding)", def = "true")
        boolean rebinding,
    @Key(value = "names that may have private addresses, with all below", def = "[]")
        List<String> privateNames) {

  public FilterConfig {
    if (ttl.isNegative() || ttl.toDays() > 1) {
      throw new BadValue("ttl", "expected 0s to 1d");
    }
    try {
      timeZone.ifPresent(ZoneId::of);
    } catch (DateTimeException e) {
      throw new BadValue("time-zone", timeZone.orElse("") + " is not a time zone");
    }
    privateNames.forEach(n -> DnsConfig.name("private-names", n));
    for (var name : lists.keySet()) {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,39}")) {
        throw new BadValue(
            "lists", "\"" + name + "\": a list's name is letters, digits and dashes");
      }
    }
    int general = 0;
    for (var group : groups.entrySet()) {
      general += group.getValue().clients().isEmpty() ? 1 : 0;
      known(group.getValue().lists(), lists.keySet());
      group.getValue().times().forEach(t -> known(t.lists(), lists.keySet()));
    }
    if (general > 1) {
      throw new BadValue("groups", "only one group may have no clients: that of all others");
    }
  }

  private static void known(List<String> wanted, Set<String> lists) {
    for (var list : wanted) {
      if (!lists.contains(list)) {
        throw new BadValue("groups", list + " is not in lists: " + lists);
      }
    }
  }

  /** Why a list is there, as answers tell it (RFC 8914 sections 4.16 to 4.18). */
  public enum Reason {
    /** The operator's own choice. */
    BLOCKED(15),
    /** Somebody else demands it. */
    CENSORED(16),
    /** Those who ask want it. */
    FILTERED(17);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** A list of names. */
  public record ListConfig(
      @Key("the list; this or url") Optional<Path> file,
      @Key("where it is on the web, http or https; a copy is kept in the data folder")
          Optional<String> url,
      @Key(value = "how long a copy is used before the server is asked again", def = "1d")
          Duration refresh,
      @Key("hosts, domains, adblock or rpz; by its first lines without it")
          Optional<ListFormat> format,
      @Key(value = "what answers say about it: blocked, censored or filtered", def = "blocked")
          Reason reason) {
    public ListConfig {
      if (file.isPresent() == url.isPresent()) {
        throw new BadValue("file", "a list has either a file or a url");
      }
      url.ifPresent(ListConfig::parsed);
      if (refresh.toMinutes() < 1) {
        throw new BadValue("refresh", "expected at least 1m");
      }
    }

    private static URI parsed(String url) {
      try {
        var uri = new URI(url);
        if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
          return uri;
        }
      } catch (URISyntaxException e) {
        // told below
      }
      throw new BadValue("url", "expected http://… or https://… but found \"" + url + "\"");
    }

    Optional<URI> uri() {
      return url.map(ListConfig::parsed);
    }
  }

  /** Askers with the same rules. */
  public record GroupConfig(
      @Key(value = "addresses, networks and hardware addresses; all others without any", def = "[]")
          List<String> clients,
      @Key(value = "lists that hold for it", def = "[]") List<String> lists,
      @Key(value = "names that are never blocked, with all below", def = "[]") List<String> allow,
      @Key(value = "names that are blocked, with all below; \"*\" means all", def = "[]")
          List<String> block,
      @Key(value = "ask search engines for safe results", def = "false") boolean safeSearch,
      @Key(value = "times at which more is blocked", def = "[]") List<TimesConfig> times) {
    public GroupConfig {
      parsed(clients);
      names("allow", allow);
      names("block", block);
    }

    static Clients parsed(List<String> clients) {
      try {
        return Clients.parse(clients);
      } catch (IllegalArgumentException e) {
        throw new BadValue("clients", String.valueOf(e.getMessage()));
      }
    }
  }

  private static void names(String key, List<String> names) {
    for (var name : names) {
      if (!BlockList.isName(name)) {
        throw new BadValue(key, "\"" + name + "\" is not a domain name");
      }
    }
  }

  /** Hours of a week. */
  public record TimesConfig(
      @Key(value = "like mon, sat-sun; on which it begins", def = "mon-sun") List<String> days,
      @Key("like 21:00-07:00, which goes on after midnight") String hours,
      @Key(value = "lists that hold then", def = "[]") List<String> lists,
      @Key(value = "names that are blocked then, with all below; \"*\" means all", def = "[]")
          List<String> block) {
    public TimesConfig {
      week(days);
      clock(hours);
      names("block", block);
      if (lists.isEmpty() && block.isEmpty()) {
        throw new BadValue("block", "says nothing to block at these times");
      }
    }

    Set<DayOfWeek> week() {
      return week(days);
    }

    List<LocalTime> clock() {
      return clock(hours);
    }

    private static List<LocalTime> clock(String hours) {
      var parts = hours.split("-");
      try {
        if (parts.length == 2) {
          var to = parts[1].equals("24:00") ? "00:00" : parts[1];
          return List.of(LocalTime.parse(parts[0]), LocalTime.parse(to));
        }
      } catch (DateTimeException e) {
        // told below
      }
      throw new BadValue("hours", "expected hours like 21:00-07:00 but found \"" + hours + "\"");
    }

    private static Set<DayOfWeek> week(List<String> days) {
      var week = EnumSet.noneOf(DayOfWeek.class);
      for (var span : days) {
        var ends = span.split("-");
        var day = day(ends[0]);
        var last = day(ends[ends.length - 1]);
        week.add(day);
        while (day != last) {
          day = day.plus(1);
          week.add(day);
        }
      }
      return week;
    }

    private static DayOfWeek day(String text) {
      for (var day : DayOfWeek.values()) {
        if (text.length() >= 3 && day.name().startsWith(text.toUpperCase(Locale.ROOT))) {
          return day;
        }
      }
      throw new BadValue("days", "\"" + text + "\" is not a day like mon");
    }
  }

  /** All names of lists that are in use, so that others need not be read. */
  Set<String> used() {
    if (groups.isEmpty()) {
      return lists.keySet();
    }
    var used = new HashSet<String>();
    for (var group : groups.values()) {
      used.addAll(group.lists());
      group.times().forEach(t -> used.addAll(t.lists()));
    }
    return used;
  }
}
