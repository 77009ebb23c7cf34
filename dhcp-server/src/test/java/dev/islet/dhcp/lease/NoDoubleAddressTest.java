package dev.islet.dhcp.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import dev.islet.dhcp.Ask;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.store.LeaseJournal;
import dev.islet.dhcp.subnet.Subnets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Message;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Never one address to two clients: a world of clients that say whatever they like in any order, a
 * network that loses replies, disks that fail, power cuts at any point, and clocks that are wrong
 * after each.
 */
class NoDoubleAddressTest {
  private static final Duration LEASE = Duration.ofHours(1);
  private static final int CLIENTS = 14;

  /** What a disk does. */
  private interface Disk {
    LeaseStore<LeaseRecord> open(List<LeaseRecord> replay);

    /** The power is cut: what was committed stays, of the rest any first part. */
    void cut();
  }

  /** A list that forgets what was not committed. */
  private static final class MemoryDisk implements Disk {
    private final Random random;
    private final List<LeaseRecord> durable = new ArrayList<>();
    private final List<LeaseRecord> loose = new ArrayList<>();

    MemoryDisk(Random random) {
      this.random = random;
    }

    @Override
    public LeaseStore<LeaseRecord> open(List<LeaseRecord> replay) {
      replay.addAll(durable);
      return new LeaseStore<LeaseRecord>() {
        @Override
        public void append(LeaseRecord record) {
          loose.add(record);
        }

        @Override
        public void commit() throws IOException {
          if (random.nextInt(40) == 0) {
            throw new IOException("disk full");
          }
          durable.addAll(loose);
          loose.clear();
        }

        @Override
        public void tidy(Supplier<Stream<LeaseRecord>> worthKeeping) {
          if (random.nextInt(50) == 0) {
            durable.clear();
            loose.clear();
            worthKeeping.get().forEach(durable::add);
          }
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void cut() {
      durable.addAll(loose.subList(0, random.nextInt(loose.size() + 1)));
      loose.clear();
    }
  }

  /** The real lease file, copied as a cut would leave it: with a torn or rotten tail. */
  private static final class FileDisk implements Disk {
    private final Random random;
    private final Path folder;
    private Path file;
    private LeaseStore<LeaseRecord> open = LeaseStore.none();
    private int generation;

    FileDisk(Random random, Path folder) {
      this.random = random;
      this.folder = folder;
      this.file = folder.resolve("leases-0");
    }

    @Override
    public LeaseStore<LeaseRecord> open(List<LeaseRecord> replay) {
      try {
        open = LeaseJournal.open(file, replay::add);
        return open;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void cut() {
      try {
        var next = folder.resolve("leases-" + ++generation);
        Files.copy(file, next);
        open.close();
        var after = Files.readAllBytes(file);
        try (var torn = new RandomAccessFile(next.toFile(), "rw")) {
          // What was appended and not committed may have got there in part.
          long had = torn.length();
          long more = Math.max(0, after.length - had);
          int part = (int) (more == 0 ? 0 : random.nextLong(more + 1));
          torn.seek(had);
          torn.write(after, (int) had, part);
          if (random.nextBoolean()) {
            var rot = new byte[random.nextInt(40)];
            random.nextBytes(rot);
            torn.write(rot);
          }
        }
        Files.delete(file);
        file = next;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class World {
    private final Random random;
    private final Disk disk;
    private final Ip4[] has = new Ip4[CLIENTS];
    private final long[] until = new long[CLIENTS];
    private final Ip4[] offered = new Ip4[CLIENTS];
    private final Ip4[] remembers = new Ip4[CLIENTS];
    private long trueTime;
    private long clockError;
    private LeaseClock clock;
    private LeaseEngine engine;
    private LeaseStore<LeaseRecord> store;
    private int acks;
    private int cuts;

    World(Random random, Disk disk) {
      this.random = random;
      this.disk = disk;
      this.trueTime = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000L;
      boot();
    }

    private final TimeSource wrong =
        new TimeSource() {
          @Override
          public long now() {
            return trueTime + clockError;
          }

          @Override
          public Instant wall() {
            return TimeSource.instant(now());
          }
        };

    private void boot() {
      clockError = Duration.ofDays(random.nextInt(-8_000, 8_000)).toNanos();
      engine =
          new LeaseEngine(
              Lab.policy(random.nextBoolean()),
              new Subnets(
                  List.of(
                      Lab.subnet(
                          "10.77.0.0/24",
                          "10.77.0.50-10.77.0.59",
                          LEASE,
                          Lab.reserved(mac(0), "10.77.0.55"),
                          Lab.reserved(mac(1), "10.77.0.99")))));
      var records = new ArrayList<LeaseRecord>();
      store = disk.open(records);
      records.forEach(engine::restore);
      long floor = records.stream().mapToLong(LeaseRecord::at).max().orElse(Long.MIN_VALUE);
      clock = new LeaseClock(wrong, floor);
    }

    private static String mac(int client) {
      return "02:00:00:00:00:%02x".formatted(client);
    }

    private static Ip4 any(Random random) {
      return new Ip4(Ip4.parse("10.77.0.48").bits() + random.nextInt(14));
    }

    void run(int batches) {
      for (int i = 0; i < batches; i++) {
        if (random.nextInt(4) == 0) {
          trueTime += Duration.ofMinutes(random.nextInt(50)).toNanos();
        }
        batch();
      }
    }

    /** Some messages, then one commit, then what was said; or the power goes in between. */
    private void batch() {
      var actions = new ArrayList<Action>();
      var said = new ArrayList<Integer>();
      long asked = trueTime;
      // A client waits for the answer before it says the next thing.
      var silent = new ArrayList<Integer>();
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        int client = random.nextInt(CLIENTS);
        if (silent.contains(client)) {
          continue;
        }
        silent.add(client);
        int before = actions.size();
        say(client, actions);
        while (said.size() < actions.size()) {
          said.add(said.size() < before ? -1 : client);
        }
        if (random.nextInt(60) == 0) {
          actions.stream()
              .filter(Action.Keep.class::isInstance)
              .forEach(a -> store.append(((Action.Keep) a).record()));
          cut();
          return;
        }
      }
      var written = new ArrayList<Ip4>();
      for (var action : actions) {
        if (action instanceof Action.Keep(var record)) {
          store.append(record);
          written.add(record.address());
        }
      }
      try {
        store.commit();
      } catch (IOException e) {
        engine.notStored(written);
        return;
      }
      if (random.nextInt(60) == 0) {
        cut(); // durable, but nobody was told
        return;
      }
      for (int i = 0; i < actions.size(); i++) {
        if (actions.get(i) instanceof Action.Send send && random.nextInt(10) > 0) {
          heard(said.get(i), asked, send);
        }
      }
      try {
        store.tidy(() -> engine.records(clock.now()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void cut() {
      cuts++;
      disk.cut();
      boot();
    }

    private boolean holds(int client) {
      return has[client] != null && until[client] > trueTime;
    }

    private void say(int client, List<Action> out) {
      var mac = mac(client);
      boolean unicast = false;
      Ask ask;
      int what = random.nextInt(9);
      if (what < 5 || what == 8) {
        // Who looks for an address, or asks for one after a restart, does not use one meanwhile.
        has[client] = null;
      }
      switch (what) {
        case 0, 1 -> ask = Ask.discover(mac);
        case 2, 3 ->
            ask =
                Ask.request(mac)
                    .wish(offered[client] == null ? any(random) : offered[client])
                    .server(random.nextInt(10) == 0 ? "10.77.0.2" : "10.77.0.1");
        case 4 ->
            ask =
                Ask.request(mac).wish(remembers[client] == null ? any(random) : remembers[client]);
        case 5 -> {
          ask = Ask.request(mac).has(holds(client) ? has[client] : any(random));
          unicast = random.nextBoolean();
        }
        case 6 -> {
          ask = Ask.of(MessageType.RELEASE, mac).has(holds(client) ? has[client] : any(random));
          if (holds(client)) {
            has[client] = null; // from the moment it says so
          }
          unicast = true;
        }
        case 7 -> {
          ask = Ask.of(MessageType.DECLINE, mac).wish(holds(client) ? has[client] : any(random));
          if (random.nextInt(3) > 0) {
            return; // addresses in use elsewhere are rarer than renewals
          }
          has[client] = null;
        }
        default -> ask = Ask.discover(mac).wish(any(random));
      }
      engine.on(
          clock.now(), new Input.Arrived(ask.message(), Lab.LINK, Ip4.NONE, 68, unicast), out::add);
    }

    private void heard(int client, long asked, Action.Send send) {
      var message = ((Decoded.Ok) Decoder.decode(send.message().bytes())).message();
      switch (message.options().type().orElseThrow()) {
        case OFFER -> offered[client] = message.yiaddr();
        case NAK -> has[client] = null;
        case ACK -> acked(client, asked, message);
        default -> throw new AssertionError(message);
      }
    }

    private void acked(int client, long asked, Message ack) {
      acks++;
      var address = ack.yiaddr();
      for (int other = 0; other < CLIENTS; other++) {
        if (other != client && holds(other) && has[other].equals(address)) {
          throw new AssertionError(
              address + " of client " + other + " was given to client " + client);
        }
      }
      has[client] = address;
      remembers[client] = address;
      until[client] =
          asked + ack.options().number32(Code.LEASE_TIME).orElseThrow() * 1_000_000_000L;
    }
  }

  @Test
  void whatever_happens() {
    int acks = 0;
    int cuts = 0;
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var world = new World(random, new MemoryDisk(random));
      try {
        world.run(250);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
      acks += world.acks;
      cuts += world.cuts;
    }
    assertThat(acks).as("the world was not idle").isGreaterThan(15_000);
    assertThat(cuts).isGreaterThan(500);
  }

  @Test
  void whatever_happens_with_the_real_lease_file(@TempDir Path folder) throws IOException {
    int acks = 0;
    for (long seed = 0; seed < 12; seed++) {
      var random = new Random(seed);
      var own = Files.createDirectory(folder.resolve("seed-" + seed));
      var disk = new FileDisk(random, own);
      var world = new World(random, disk);
      try {
        world.run(120);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
      world.store.close();
      acks += world.acks;
    }
    assertThat(acks).isGreaterThan(300);
  }
}
