package dev.islet.dhcp.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps DNS in step with the leases.
 *
 * <p>For every name it knows what should be there and what it believes is there, and one virtual
 * thread works on the difference until there is none, with growing pauses while DNS does not
 * answer. A reply that waits for its name waits at most {@link #PATIENCE}: a client without a name
 * is better off than a client without an address.
 */
public final class NameRegistrar implements AutoCloseable {
  /** How long a reply waits for DNS. */
  public static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration ANSWER = Duration.ofMillis(400);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
  private static final int MOST_NAMES = 100_000;
  private static final int AT_ONCE = 32;

  /** Where updates go, with what key, for which zones. */
  public record Settings(
      InetSocketAddress server,
      String zone,
      List<String> reverseZones,
      String key,
      String secret,
      Duration ttl) {
    public Settings {
      reverseZones = List.copyOf(reverseZones);
    }
  }

  /** A name has an address of each family, which come and go by themselves. */
  private record Place(String name, boolean four) {
    static Place of(NameClaim claim) {
      return new Place(claim.name(), claim.address() instanceof Ip4);
    }
  }

  /** One name's address; fields are guarded by it. */
  private static final class Slot {
    @Nullable NameClaim wanted;
    @Nullable NameClaim there;
    @Nullable NameClaim refused;
    boolean working;
    boolean gone;
    Duration pause = FIRST_PAUSE;

    boolean settled() {
      return wanted == null
          ? there == null
          : wanted.equals(there) || there == null && wanted.equals(refused);
    }
  }

  private final NameUpdates updates;
  private final BiConsumer<DhcpTrace, Outcome> tell;
  private final Map<Place, Slot> slots = new HashMap<>();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private volatile boolean closed;

  /**
   * @param tell takes what happened; called on any thread
   * @throws IllegalArgumentException if the secret cannot be read
   */
  public NameRegistrar(Settings settings, TimeSource time, BiConsumer<DhcpTrace, Outcome> tell) {
    var key = new Tsig(settings.key(), settings.secret());
    this.updates =
        new NameUpdates(
            new DnsClient(settings.server(), key, time, ANSWER),
            settings.zone(),
            settings.reverseZones(),
            settings.ttl());
    this.tell = tell;
  }

  /**
   * Wants a name to be there, and goes on once it is, or cannot be for now.
   *
   * @param then runs once, on this thread if there is nothing to do
   */
  public void hold(NameClaim claim, Runnable then) {
    var slot = want(Place.of(claim), claim);
    if (slot == null) {
      then.run();
      return;
    }
    synchronized (slot) {
      if (slot.settled() || slot.pause.compareTo(FIRST_PAUSE) > 0) {
        // Known to be there, or DNS has been deaf for a while: waiting helps nobody.
        slot = null;
      }
    }
    if (slot == null) {
      then.run();
      return;
    }
    var waited = slot;
    Thread.ofVirtual()
        .name("dhcp-name-wait")
        .start(
            () -> {
              await(waited);
              then.run();
            });
  }

  /** Wants a name to be there and waits for nothing: after a restart. */
  public void keep(NameClaim claim) {
    want(Place.of(claim), claim);
  }

  /** Wants a name to be gone. */
  public void drop(NameClaim claim) {
    synchronized (slots) {
      var slot = slots.get(Place.of(claim));
      if (slot != null) {
        synchronized (slot) {
          if (slot.wanted != null && !slot.wanted.equals(claim)) {
            return; // somebody else has it by now
          }
        }
      }
    }
    want(Place.of(claim), null, claim);
  }

  private @Nullable Slot want(Place place, NameClaim claim) {
    return want(place, claim, null);
  }

  private @Nullable Slot want(
      Place place, @Nullable NameClaim claim, @Nullable NameClaim believedThere) {
    synchronized (slots) {
      if (closed || slots.size() >= MOST_NAMES) {
        return null;
      }
      var slot = slots.computeIfAbsent(place, n -> new Slot());
      synchronized (slot) {
        slot.wanted = claim;
        if (slot.there == null && believedThere != null && !believedThere.equals(slot.refused)) {
          slot.there = believedThere;
        }
        slot.notifyAll();
        if (!slot.working && !slot.settled()) {
          slot.working = true;
          Thread.ofVirtual().name("dhcp-name").start(() -> work(place, slot));
        }
        return slot;
      }
    }
  }

  private static void await(Slot slot) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    synchronized (slot) {
      while (!slot.settled() && !slot.gone) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        try {
          slot.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private void work(Place place, Slot slot) {
    while (true) {
      NameClaim remove;
      NameClaim add;
      synchronized (slots) {
        synchronized (slot) {
          if (closed || slot.settled()) {
            slot.working = false;
            slot.gone = closed;
            if (slot.wanted == null && slot.there == null) {
              slots.remove(place, slot);
            }
            slot.notifyAll();
            return;
          }
          remove = slot.there != null && !slot.there.equals(slot.wanted) ? slot.there : null;
          add = remove == null ? slot.wanted : null;
        }
      }
      places.acquireUninterruptibly();
      try {
        if (remove != null) {
          remove(slot, remove);
        } else if (add != null) {
          add(slot, add);
        }
        synchronized (slot) {
          slot.pause = FIRST_PAUSE;
          slot.notifyAll();
        }
        continue;
      } catch (IOException e) {
        var claim = remove != null ? remove : add;
        if (claim != null && !closed) {
          told(claim, Outcome.NAME_RETRIED, e.getMessage() + "; trying again");
        }
      } finally {
        places.release();
      }
      pause(slot);
    }
  }

  private void add(Slot slot, NameClaim claim) throws IOException {
    NameUpdates.Result result;
    try {
      result = updates.add(claim);
    } catch (IOException e) {
      synchronized (slot) {
        // It may have got there although no answer came back: if it is to go, it must be taken out.
        if (!claim.equals(slot.wanted)) {
          slot.there = claim;
        }
      }
      throw e;
    }
    synchronized (slot) {
      switch (result) {
        case DONE -> slot.there = claim;
        case CONFLICT -> slot.refused = claim;
      }
    }
    switch (result) {
      case DONE -> told(claim, Outcome.NAME_ADDED, "in DNS");
      case CONFLICT ->
          told(
              claim,
              Outcome.NAME_CONFLICT,
              "not in DNS, the name is somebody else's or was set by hand (RFC 4703 5.3.2)");
    }
  }

  private void remove(Slot slot, NameClaim claim) throws IOException {
    updates.remove(claim);
    synchronized (slot) {
      slot.there = null;
      slot.refused = null;
    }
    told(claim, Outcome.NAME_REMOVED, "out of DNS");
  }

  private void told(NameClaim claim, Outcome outcome, String why) {
    tell.accept(new DhcpTrace.Named(claim.name(), claim.address(), outcome, why), outcome);
  }

  /** Waits before the next try, less if something else is wanted meanwhile. */
  private void pause(Slot slot) {
    synchronized (slot) {
      long until = System.nanoTime() + slot.pause.toNanos();
      var doubled = slot.pause.multipliedBy(2);
      slot.pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      slot.notifyAll();
      var before = slot.wanted;
      while (!closed && java.util.Objects.equals(before, slot.wanted)) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        try {
          slot.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** How many names are not as they should be. */
  public int pending() {
    synchronized (slots) {
      int pending = 0;
      for (var slot : slots.values()) {
        synchronized (slot) {
          pending += slot.settled() ? 0 : 1;
        }
      }
      return pending;
    }
  }

  /** Stops working; names stay in DNS as they are. */
  @Override
  public void close() {
    closed = true;
    synchronized (slots) {
      for (var slot : slots.values()) {
        synchronized (slot) {
          slot.notifyAll();
        }
      }
    }
  }
}
