package dev.islet.dns.filter;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;

/**
 * Hours of a week, in local time: a span that ends before it begins goes on after midnight and
 * belongs to the day on which it begins. Where clocks are put back, the hour that comes twice
 * counts twice; where they are put forward, the hour that is left out does not count.
 *
 * @param days on which it begins
 * @param from inclusive
 * @param to exclusive; equal to {@code from} for a whole day
 * @param lists that count then as well
 */
public record Schedule(Set<DayOfWeek> days, LocalTime from, LocalTime to, List<BlockList> lists) {
  public Schedule {
    days = Set.copyOf(days);
    lists = List.copyOf(lists);
  }

  /** Whether it is on at a moment of local time. */
  public boolean on(LocalDateTime local) {
    var time = local.toLocalTime();
    var today = local.getDayOfWeek();
    if (from.isBefore(to)) {
      return days.contains(today) && !time.isBefore(from) && time.isBefore(to);
    }
    return days.contains(today) && !time.isBefore(from)
        || days.contains(today.minus(1)) && time.isBefore(to);
  }
}
