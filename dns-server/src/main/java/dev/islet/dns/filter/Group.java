package dev.islet.dns.filter;

import java.util.List;

/**
 * Askers with the same rules.
 *
 * @param clients who is in it; nobody in particular for the group of all others
 * @param lists in the order in which they count; names written in the configuration come first
 * @param schedules times at which more lists count
 * @param safeSearch whether search engines are asked by their safe names
 */
public record Group(
    String name,
    Clients clients,
    List<BlockList> lists,
    List<Schedule> schedules,
    boolean safeSearch) {
  /** Those who are in no group. */
  public static final Group NONE = new Group("", Clients.NOBODY, List.of(), List.of(), false);

  public Group {
    lists = List.copyOf(lists);
    schedules = List.copyOf(schedules);
  }
}
