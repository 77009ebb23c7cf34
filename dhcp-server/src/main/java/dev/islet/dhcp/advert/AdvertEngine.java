package dev.islet.dhcp.advert;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.Advert;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.wire.AdvertCodec;
import dev.islet.dhcp.wire.AdvertCodec.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * When a router speaks (RFC 4861 section 6.2).
 *
 * <p>Unasked it speaks after random pauses, the first three times at most 16 seconds apart. Asked,
 * it answers everybody on the link within half a second, but never less than three seconds after it
 * spoke last: a hundred hosts that wake up together get one answer.
 *
 * <p>A prefix that is no longer configured is told for as long as hosts may go on with it, not
 * preferred any more (RFC 9096 section 3.5).
 */
public final class AdvertEngine implements Engine<AdvertEngine.Input, AdvertEngine.Action> {
  private static final Duration INITIAL_PAUSE = Duration.ofSeconds(16);
  private static final int INITIAL = 3;
  private static final Duration ANSWER_DELAY = Duration.ofMillis(500);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(3);

  /** Hosts heed no shorter valid lifetime than this (RFC 4862 section 5.5.3). */
  private static final Duration TWO_HOURS = Duration.ofHours(2);

  /** More other routers than a link has; what is beyond is not remembered. */
  private static final int STRANGERS = 64;

  /** What happens. */
  public sealed interface Input {
    /** Something of neighbour discovery was heard on a link. */
    record Said(String link, Ip6 from, Heard what) implements Input {}
  }

  /** What is to be done. */
  public sealed interface Action {
    /** Sends to all hosts of the link. */
    record Send(String link, byte[] message) implements Action {}

    /** Tells what happened. */
    record Tell(DhcpTrace event, Optional<Outcome> outcome) implements Action {}
  }

  /**
   * What is told on a link.
   *
   * @param pause the longest between two unasked advertisements
   */
  public record Plan(Advert advert, Duration pause) {}

  /**
   * A router that is not this one.
   *
   * @param seen when it was heard last, in nanoseconds of the engine's time
   */
  public record Stranger(String link, Ip6 address, String mac, Duration lifetime, long seen) {}

  private static final class Link {
    private Plan plan;
    private long next;
    private long last = Long.MIN_VALUE / 2;
    private int spoken;

    /** Prefixes that are no longer ours, and when hosts have forgotten them. */
    private final Map<Advert.OnLink, Long> leaving = new LinkedHashMap<>();

    private Link(Plan plan, long next) {
      this.plan = plan;
      this.next = next;
    }
  }

  private final Map<String, Link> links = new HashMap<>();
  private final Map<String, Stranger> strangers = new LinkedHashMap<>();
  private final RandomGenerator random;

  /**
   * @param plans by interface
   * @param random for the pauses
   */
  public AdvertEngine(Map<String, Plan> plans, RandomGenerator random, long now) {
    this.random = random;
    plans.forEach((name, plan) -> links.put(name, new Link(plan, now)));
  }

  @Override
  public void on(long now, Input input, Consumer<? super Action> out) {
    switch (input) {
      case Input.Said(var name, var from, var what) -> {
        var link = links.get(name);
        if (link != null) {
          heard(name, link, from, what, now, out);
        }
      }
    }
    onTime(now, out);
  }

  private void heard(
      String name, Link link, Ip6 from, Heard what, long now, Consumer<? super Action> out) {
    switch (what) {
      case Heard.Solicitation(var mac) -> {
        // Section 6.2.6: one answer for all, not too soon after the last.
        long soonest = Math.max(now, link.last + LEAST_PAUSE.toNanos());
        link.next = Math.min(link.next, soonest + random.nextLong(ANSWER_DELAY.toNanos()));
        tell(name, from + " asks for routers (RFC 4861 6.2.6)", Outcome.SOLICITED, out);
      }
      case Heard.Advertisement(var mac, var lifetime) -> {
        var known = strangers.get(name + from);
        if (known == null && strangers.size() >= STRANGERS) {
          return;
        }
        var shown = mac.map(Object::toString).orElse("unknown");
        strangers.put(name + from, new Stranger(name, from, shown, lifetime, now));
        if (known == null) {
          tell(
              name,
              "another router advertises itself: " + from + ", MAC " + shown,
              Outcome.OTHER_ROUTER,
              out);
        }
      }
      case Heard.Malformed(var offset, var reason) ->
          tell(name, "dropped: " + reason + " at offset " + offset, Outcome.MALFORMED, out);
      case Heard.Other() -> {}
    }
  }

  private static void tell(
      String link, String what, Outcome outcome, Consumer<? super Action> out) {
    out.accept(new Action.Tell(new DhcpTrace.Routing(link, what), Optional.of(outcome)));
  }

  @Override
  public void onTime(long now, Consumer<? super Action> out) {
    links.forEach(
        (name, link) -> {
          if (link.next <= now) {
            speak(name, link, now, out);
          }
        });
  }

  private void speak(String name, Link link, long now, Consumer<? super Action> out) {
    out.accept(new Action.Send(name, AdvertCodec.encode(told(link, now))));
    link.last = now;
    link.spoken++;
    long longest = link.plan.pause().toNanos();
    long pause = longest / 3 + random.nextLong(Math.max(1, longest - longest / 3));
    link.next = now + (link.spoken < INITIAL ? Math.min(pause, INITIAL_PAUSE.toNanos()) : pause);
  }

  private static Advert told(Link link, long now) {
    link.leaving.values().removeIf(end -> end <= now);
    if (link.leaving.isEmpty()) {
      return link.plan.advert();
    }
    var all = new ArrayList<>(link.plan.advert().prefixes());
    link.leaving.forEach(
        (prefix, end) ->
            all.add(
                new Advert.OnLink(
                    prefix.prefix(),
                    prefix.autonomous(),
                    Duration.ofNanos(end - now),
                    Duration.ZERO)));
    return link.plan.advert().withPrefixes(all);
  }

  @Override
  public long deadline() {
    return links.values().stream().mapToLong(l -> l.next).min().orElse(NEVER);
  }

  // ---- for the wiring; call on the engine's turn

  /** Goes on by another plan; what is no longer told is taken back. */
  public void reconfigure(Map<String, Plan> plans, long now) {
    links.forEach(
        (name, link) -> {
          var fresh = plans.get(name);
          if (fresh == null || fresh.equals(link.plan)) {
            return;
          }
          for (var old : link.plan.advert().prefixes()) {
            boolean stays =
                fresh.advert().prefixes().stream().anyMatch(p -> p.prefix().equals(old.prefix()));
            if (!stays) {
              var rest = old.valid().compareTo(TWO_HOURS) < 0 ? old.valid() : TWO_HOURS;
              link.leaving.put(old, now + rest.toNanos());
            }
          }
          link.leaving
              .keySet()
              .removeIf(
                  gone ->
                      fresh.advert().prefixes().stream()
                          .anyMatch(p -> p.prefix().equals(gone.prefix())));
          link.plan = fresh;
          link.spoken = 0;
          link.next = Math.max(now, link.last + LEAST_PAUSE.toNanos());
        });
  }

  /** The last word on each link: this is no router any more (section 6.2.5). */
  public Map<String, byte[]> farewell(long now) {
    var last = new LinkedHashMap<String, byte[]>();
    links.forEach((name, link) -> last.put(name, AdvertCodec.encode(told(link, now).farewell())));
    return last;
  }

  /** Other routers that were heard. */
  public List<Stranger> strangers() {
    return List.copyOf(strangers.values());
  }
}
