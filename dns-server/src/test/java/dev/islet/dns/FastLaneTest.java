package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.cache.CacheLimits;
import dev.islet.dns.chain.Backstage;
import dev.islet.dns.chain.Chain;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Guard;
import dev.islet.dns.chain.Handled;
import dev.islet.dns.chain.Rules;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.chain.View;
import dev.islet.dns.dnssec.SignedZones;
import dev.islet.dns.fast.Checkpoint;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.fast.FastQuestion;
import dev.islet.dns.fast.FastRules;
import dev.islet.dns.fast.FastSwitch;
import dev.islet.dns.filter.Clients;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Denial;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import dev.islet.dns.model.Transport;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.Cookies;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.queries.QueryBook;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.transfer.History;
import dev.islet.dns.transfer.TransferBook;
import dev.islet.dns.transfer.TransferDesk;
import dev.islet.dns.update.UpdateEvent;
import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import dev.islet.dns.zone.Zones;
import dev.islet.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The fast lane says what the slow lane says, byte for byte, or leaves it to it. */
class FastLaneTest {
  private static final int QUESTIONS = 21_000; // for each of five seeds
  private static final InetSocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 53);
  private static final InetSocketAddress FRIEND = new InetSocketAddress("127.0.0.9", 4_000);
  private static final InetSocketAddress STRANGER = new InetSocketAddress("2001:db8::7", 4_000);
  private static final InetSocketAddress OTHER = new InetSocketAddress("127.0.3.9", 4_000);
  private static final InetSocketAddress SHUNNED = new InetSocketAddress("192.0.2.66", 4_000);

  /** In seconds, where virtual time begins. */
  private static final long NOW = new VirtualTime().seconds();

  private static final String BIG = "Big.Test.";

  /** Both lanes over the same zones. */
  private static final class Lanes {
    final ZoneHolder holder = new ZoneHolder();
    final FastSwitch control = new FastSwitch(() -> false);
    final AnswerCache cache =
        new AnswerCache(
            new CacheLimits(
                1 << 20, Duration.ofDays(1), Duration.ofHours(1), Duration.ofSeconds(5)));
    final FastLane fast;
    final Chain chain;
    final MessageView view = new MessageView();
    final byte[] out = new byte[65_535];
    final Gate gate;

    Lanes(List<Zone> zones) {
      this(zones, RateLimit.Limits.NONE, new VirtualTime());
    }

    Lanes(List<Zone> zones, RateLimit.Limits limit, TimeSource time) {
      this(zones, List.of(), limit, time);
    }

    Lanes(List<Zone> zones, List<View> views, RateLimit.Limits limit, TimeSource time) {
      holder.publish(Zones.of(zones));
      var origins = new HashSet<Name>();
      zones.forEach(z -> origins.add(z.origin()));
      var rules =
          new Rules(
              new Acl(List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("2001:db8::/32"))),
              new Acl(List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("::1/128"))),
              new SpecialNames(origins),
              Map.of(),
              List.of(new InetSocketAddress("127.0.0.1", 1)),
              Map.of(),
              false,
              Map.of(),
              Filter.NONE,
              Optional.empty(),
              QueryBook.NONE,
              views,
              Optional.empty());
      fast = new FastLane(holder, cache, control, time, Optional.of("the.server"));
      chain = new Chain(holder, cache, rules);
      control.set(rules.fast(guard(limit, time)));
      var nobody =
          new Backstage() {
            @Override
            public boolean resolve(ResolveEvent.Wanted wanted) {
              return true;
            }

            @Override
            public boolean update(UpdateEvent.Arrived update) {
              return true;
            }
          };
      var trace = new Trace<DnsEvent>("dns", time);
      gate =
          new Gate(
              chain,
              guard(limit, time),
              nobody,
              new TransferDesk(holder, new History(), time, new TransferBook(trace)),
              new ResponseWriter(Optional.of("the.server"), Duration.ofSeconds(10)),
              time,
              trace,
              Tally.NONE);
    }

    /** Each lane has its own, so that both see the same questions. */
    private static Guard guard(RateLimit.Limits limit, TimeSource time) {
      return new Guard(jar(), new RateLimit(limit, 7), time, Tally.NONE);
    }

    byte[] slow(byte[] message, InetSocketAddress client) {
      return slow(message, client, Transport.UDP);
    }

    byte[] slow(byte[] message, InetSocketAddress client, Transport transport) {
      var handled =
          gate.handle(view, ByteBuffer.wrap(message), client, LOCAL, transport, reply -> {});
      return handled instanceof Handled.Reply(var bytes) ? bytes : new byte[0];
    }

    /** Nothing if it is for the slow lane. */
    Optional<byte[]> fast(byte[] message, InetSocketAddress client) {
      return fast(message, client, Transport.UDP);
    }

    Optional<byte[]> fast(byte[] message, InetSocketAddress client, Transport transport) {
      var address = client.getAddress().getAddress();
      var wide = ByteBuffer.allocate(16);
      if (address.length == 4) {
        wide.putInt(8, 0xFFFF).position(12);
      }
      wide.put(address);
      long high = wide.getLong(0);
      long low = wide.getLong(8);
      int bytes = fast.answer(message, message.length, high, low, transport, out);
      return bytes < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(out, bytes));
    }
  }

  private static Zone zone(String origin, String text) {
    try {
      return MasterFile.lines(List.of(text.split("\n")), Name.fromConstantString(origin), origin);
    } catch (dev.islet.dns.store.ZoneFault e) {
      throw new AssertionError(e);
    }
  }

  /** Sets that do not fit, names in all cases, long names, deep wildcards. */
  private static String big() {
    var text = new StringBuilder();
    text.append(
        "@ 900 SOA NS.big.test. host.sub 7 3600 900 86400 60\n@ NS NS\n@ NS ns.alpha.test.\n");
    text.append("NS A 192.0.2.1\nns AAAA 2001:db8::1\n");
    for (int i = 0; i < 40; i++) {
      text.append("many A 192.0.2.").append(i).append('\n');
      text.append("more AAAA 2001:db8::").append(i).append('\n');
      text.append("sub NS ns").append(i % 12).append(".Sub.big.test.\n");
      text.append("ns").append(i % 12).append(".sub A 198.51.100.").append(i).append('\n');
    }
    for (int i = 0; i < 14; i++) {
      text.append("mail MX ").append(i).append(" Host").append(i).append(".mail\n");
      text.append("host").append(i).append(".mail A 192.0.2.").append(i).append('\n');
      text.append("host").append(i).append(".mail AAAA 2001:db8::").append(i).append('\n');
      text.append("txt TXT ").append("x".repeat(90)).append(i).append('\n');
      text.append("crowd NS a").append(i).append('.').append("y".repeat(60)).append(".test.\n");
    }
    for (int i = 0; i < 20; i++) {
      text.append("host").append(i).append(".fleet A 192.0.2.").append(i).append('\n');
      text.append("fleet MX ").append(i).append(" host").append(i).append(".fleet\n");
      text.append("link").append(i).append(" CNAME link").append(i + 1).append('\n');
    }
    text.append("link20 A 192.0.2.20\n*.Deep.er A 192.0.2.3\n*.deep.er MX 1 WWW.deep.er\n");
    text.append("*.al CNAME many\n*.ptr PTR x.PTR.big.test.\nwww MX 5 WWW\nWWW A 192.0.2.4\n");
    text.append("svc HTTPS 1 www.big.test. alpn=h2\nkx KX 1 www\nafs AFSDB 1 www\n");
    text.append("out NS ns.alpha.test.\nout NS a.out\na.out A 192.0.2.8\nout NS www\n");
    text.append("rp RP host.big.test. txt.big.test.\nself CNAME self\n");
    text.append("hostmaster TXT \"beside\"\n");
    return text.toString();
  }

  private static List<Zone> zones(RandomZones random) {
    var zones = new ArrayList<Zone>();
    RandomZones.ORIGINS.forEach(
        o -> zones.add(zone(o, random.text(o).replaceFirst("\\$TTL.*\n\\$ORIGIN.*\n", ""))));
    zones.add(zone(BIG, big()));
    return zones;
  }

  private static final String[] BIG_NAMES = {
    "many",
    "more",
    "sub",
    "a.sub",
    "ns1.sub",
    "x.ns3.sub",
    "mail",
    "txt",
    "crowd",
    "b.c.crowd",
    "host.mail",
    "host3.mail",
    "fleet",
    "link3",
    "link13",
    "link19",
    "a.deep.er",
    "a.b.deep.er",
    "www.deep.er",
    "er",
    "x.er",
    "x.al",
    "y.ptr",
    "www",
    "rp",
    "self",
    "host.sub",
    "ns",
    "x.ns",
    "hostmaster",
    "nope",
    "a.nope",
    "host",
    "x.host"
  };

  private static String question(RandomZones zones, Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> BIG_NAMES[random.nextInt(BIG_NAMES.length)] + "." + BIG;
      case 1 -> random.nextInt(10) == 0 ? "www.elsewhere.example." : zones.question();
      default -> zones.question();
    };
  }

  private static String cased(String name, Random random) {
    if (random.nextInt(3) > 0) {
      return name.toLowerCase(Locale.ROOT);
    }
    var mixed = new StringBuilder();
    name.chars()
        .forEach(c -> mixed.append((char) (random.nextBoolean() ? Character.toUpperCase(c) : c)));
    return mixed.toString();
  }

  /** Who wants proofs asks for them too. */
  private static int type(RandomZones zones, Random random, boolean proofs) {
    int[] more = {Type.DS, Type.DS, Type.DNSKEY, Type.NSEC, Type.RRSIG, Type.NSEC3PARAM};
    return random.nextInt(60) == 0
        ? random.nextInt(1, 300)
        : proofs && random.nextInt(6) == 0
            ? more[random.nextInt(more.length)]
            : Type.value(zones.type());
  }

  private static byte[] message(RandomZones zones, Random random) {
    return message(zones, random, false);
  }

  /**
   * @param proofs whether most want them
   */
  private static byte[] message(RandomZones zones, Random random, boolean proofs) {
    int dclass = random.nextInt(200) == 0 ? DClass.CH : DClass.IN;
    var name = Name.fromConstantString(cased(question(zones, random), random));
    var type = type(zones, random, proofs);
    var query = Message.newQuery(Record.newRecord(name, type, dclass));
    var header = query.getHeader();
    header.setID(random.nextInt(65_536));
    flag(header, Flags.RD, random.nextInt(2) == 0);
    flag(header, Flags.CD, random.nextInt(4) == 0);
    flag(header, Flags.AD, random.nextInt(4) == 0);
    flag(header, Flags.TC, random.nextInt(50) == 0);
    flag(header, Flags.AA, random.nextInt(50) == 0);
    flag(header, Flags.RA, random.nextInt(50) == 0);
    flag(header, Flags.QR, random.nextInt(200) == 0);
    if (random.nextInt(200) == 0) {
      header.setOpcode(random.nextInt(16));
    }
    if (proofs || random.nextInt(3) > 0) {
      int[] sizes = {0, 512, 600, 1_000, 1_232, 4_096, 65_535};
      var options = new ArrayList<EDNSOption>();
      if (random.nextInt(20) == 0) {
        options.add(new GenericEDNSOption(3, new byte[0]));
      }
      if (random.nextInt(3) == 0) {
        options.add(cookie(random));
      }
      if (random.nextInt(20) == 0) {
        options.add(new GenericEDNSOption(new int[] {8, 11, 12}[random.nextInt(3)], new byte[2]));
      }
      if (random.nextInt(30) == 0) {
        options.add(cookie(random));
      }
      if (random.nextInt(6) == 0) {
        options.add(new GenericEDNSOption(12, new byte[random.nextInt(40)]));
      }
      if (random.nextInt(20) == 0) {
        options.add(new GenericEDNSOption(65_001, new byte[] {1, 2}));
      }
      query.addRecord(
          new OPTRecord(
              sizes[random.nextInt(sizes.length)],
              random.nextInt(30) == 0 ? 3 : 0,
              random.nextInt(60) == 0 ? 1 : 0,
              random.nextInt(3) == 0 || proofs ? Flags.DO : random.nextInt(60) == 0 ? 0x4001 : 0,
              options),
          Section.ADDITIONAL);
    }
    var wire = query.toWire();
    switch (random.nextInt(100)) {
      case 0 -> wire = Arrays.copyOf(wire, random.nextInt(wire.length));
      case 1 -> wire = Arrays.copyOf(wire, wire.length + 1);
      case 2 -> wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
      case 3 -> wire[3] |= 0x40; // the reserved bit
      default -> {}
    }
    return wire;
  }

  /** A new one, one that we gave to somebody some time ago, one of another's, or none at all. */
  private static EDNSOption cookie(Random random) {
    var bytes = ByteBuffer.allocate(40);
    long part = random.nextLong();
    bytes.putLong(part);
    switch (random.nextInt(6)) {
      case 0 -> {
        var address = (random.nextBoolean() ? OTHER : STRANGER).getAddress().getAddress();
        long seconds = NOW - new int[] {0, 60, 1_900, 4_000, -100, -400}[random.nextInt(6)];
        long head = Cookies.head(seconds);
        bytes.putLong(head).putLong(jar().hash(part, head, address, address.length, seconds));
      }
      case 1 -> bytes.putLong(random.nextLong()).putLong(random.nextLong());
      case 2 -> bytes.position(random.nextInt(41));
      default -> {}
    }
    return new GenericEDNSOption(10, Arrays.copyOf(bytes.array(), bytes.position()));
  }

  private static Cookies jar() {
    return new Cookies(List.of(new byte[16]), new Random(1), 0);
  }

  private static void flag(org.xbill.DNS.Header header, int flag, boolean on) {
    if (on) {
      header.setFlag(flag);
    } else {
      header.unsetFlag(flag);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void says_what_the_slow_lane_says(long seed) {
    var random = new Random(seed * 31);
    var zones = new RandomZones(seed);
    var lanes = new Lanes(zones(zones));
    int fast = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      var message = message(zones, random);
      var client =
          switch (random.nextInt(12)) {
            case 0 -> SHUNNED;
            case 1, 2, 3, 4 -> STRANGER;
            default -> FRIEND;
          };
      var quick = lanes.fast(message, client);
      if (quick.isPresent()) {
        fast++;
        var slow = lanes.slow(message, client);
        assertThat(HexFormat.of().formatHex(quick.get()))
            .as("question " + HexFormat.of().formatHex(message))
            .isEqualTo(HexFormat.of().formatHex(slow));
      }
    }
    assertThat(fast).as("answers of the fast lane").isGreaterThan(QUESTIONS / 3);
  }

  /** A view closes the lane for its askers, and for nobody else. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void leaves_those_who_see_other_zones_to_the_slow_lane(long seed) {
    var random = new Random(seed * 37);
    var zones = new RandomZones(seed);
    var common = zones(zones);
    var other = zone(BIG, "many TXT \"as others see it\"\n");
    var views = new ArrayList<View>();
    for (var clients : List.of("127.0.3.0/24", "2001:db8:7::/48")) {
      views.add(
          new View(
              clients,
              Clients.parse(List.of(clients)),
              Set.of(),
              List.of(other),
              Optional.empty(),
              new SpecialNames(Set.of(other.origin()))));
    }
    var lanes = new Lanes(common, views, RateLimit.Limits.NONE, new VirtualTime());
    int fast = 0;
    int others = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      var message = message(zones, random);
      var client =
          new InetSocketAddress(
              address(
                  List.of(
                          "127.0.2.255",
                          "127.0.3.0",
                          "127.0.3.255",
                          "127.0.4.0",
                          "2001:db8:7::1",
                          "2001:db8:8::1")
                      .get(random.nextInt(6))),
              4_000);
      boolean viewed = !lanes.chain.view(client.getAddress()).isEmpty();
      var quick = lanes.fast(message, client);
      if (viewed) {
        others++;
        assertThat(quick).isEmpty();
      } else if (quick.isPresent()) {
        fast++;
        assertThat(HexFormat.of().formatHex(quick.get()))
            .as("question " + HexFormat.of().formatHex(message))
            .isEqualTo(HexFormat.of().formatHex(lanes.slow(message, client)));
      }
    }
    assertThat(fast).as("answers of the fast lane").isGreaterThan(QUESTIONS / 6);
    assertThat(others).isGreaterThan(QUESTIONS / 4);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Signed in both ways, all or some, and some with records gone, as where names opted out. */
  private static List<Zone> signed(RandomZones random, long seed) {
    var spoiler = new Random(seed);
    var zones = new ArrayList<Zone>();
    for (var zone : zones(random)) {
      var denial = seed % 2 == 0 ? Denial.NSEC : Denial.NSEC3;
      boolean beside = seed == 3 && zone.origin().toString().startsWith("beta");
      var done =
          beside ? zone : SignedZones.signed(zone, denial, Instant.parse("2026-01-01T00:00:00Z"));
      zones.add(seed > 3 ? spoiled(done, spoiler) : done);
    }
    return zones;
  }

  private static Zone spoiled(Zone zone, Random random) {
    var edit = zone.edit();
    int[] types = {Type.NSEC, Type.NSEC3, Type.RRSIG};
    zone.sets()
        .filter(s -> Arrays.stream(types).anyMatch(t -> t == s.type()))
        .filter(s -> !s.name().equals(zone.origin()) && random.nextInt(5) == 0)
        .toList()
        .forEach(s -> edit.remove(s.name(), s.type()));
    return edit.done();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void proves_what_the_slow_lane_proves(long seed) {
    var random = new Random(seed * 37);
    var zones = new RandomZones(seed);
    var lanes = new Lanes(signed(zones, seed));
    int fast = 0;
    int cut = 0;
    int proofs = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      var message = message(zones, random, random.nextInt(5) > 0);
      var client = random.nextBoolean() ? STRANGER : FRIEND;
      var quick = lanes.fast(message, client);
      if (quick.isPresent()) {
        fast++;
        var slow = lanes.slow(message, client);
        assertThat(HexFormat.of().formatHex(quick.get()))
            .as("question " + HexFormat.of().formatHex(message))
            .isEqualTo(HexFormat.of().formatHex(slow));
        cut += (slow[2] & 2) != 0 ? 1 : 0;
        proofs += slow[9] > 2 ? 1 : 0;
      }
    }
    assertThat(fast).as("answers of the fast lane").isGreaterThan(QUESTIONS / 3);
    assertThat(cut).as("cut").isGreaterThan(QUESTIONS / 50);
    assertThat(proofs).as("proofs").isGreaterThan(QUESTIONS / 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void says_the_same_over_a_stream(long seed) {
    var random = new Random(seed * 41);
    var zones = new RandomZones(seed);
    var limit = new RateLimit.Limits(1, 3, 24, 56, List.of()); // not for who has shaken hands
    var lanes = new Lanes(signed(zones, seed), limit, new VirtualTime());
    var streams = List.of(Transport.TCP, Transport.TLS, Transport.HTTPS);
    int fast = 0;
    int large = 0;
    int padded = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      var message = message(zones, random, random.nextBoolean());
      var client = random.nextBoolean() ? STRANGER : FRIEND;
      var transport = streams.get(random.nextInt(3));
      var quick = lanes.fast(message, client, transport);
      if (quick.isPresent()) {
        fast++;
        var slow = lanes.slow(message, client, transport);
        assertThat(HexFormat.of().formatHex(quick.get()))
            .as("question " + HexFormat.of().formatHex(message))
            .isEqualTo(HexFormat.of().formatHex(slow));
        large += slow.length > 1_232 ? 1 : 0;
        padded += transport.encrypted() && slow.length % 468 == 0 ? 1 : 0;
      }
    }
    assertThat(padded).as("padded answers").isGreaterThan(QUESTIONS / 100);
    assertThat(fast).as("answers of the fast lane").isGreaterThan(QUESTIONS / 3);
    assertThat(large).as("answers that no datagram has").isGreaterThan(QUESTIONS / 1_000);
  }

  @Test
  void limits_as_the_slow_lane_does() {
    var random = new Random(3);
    var zones = new RandomZones(3);
    var clock = new VirtualTime();
    var limit = new RateLimit.Limits(20, 3, 24, 56, List.of(Prefix.parse("127.0.0.9/32")));
    var lanes = new Lanes(zones(zones), limit, clock);
    int cut = 0;
    int silent = 0;
    int bad = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      clock.advance(Duration.ofMillis(random.nextInt(4)));
      var message = message(zones, random);
      var client = random.nextInt(9) == 0 ? FRIEND : random.nextBoolean() ? STRANGER : OTHER;
      var quick = lanes.fast(message, client);
      if (quick.isPresent()) {
        var slow = lanes.slow(message, client);
        assertThat(HexFormat.of().formatHex(quick.get()))
            .as("question " + HexFormat.of().formatHex(message))
            .isEqualTo(HexFormat.of().formatHex(slow));
        silent += slow.length == 0 ? 1 : 0;
        bad += slow.length > 0 && (slow[3] & 0xF) == (Rcode.BADCOOKIE & 0xF) ? 1 : 0;
        cut += slow.length > 0 && (slow[2] & 2) != 0 ? 1 : 0;
      }
    }
    assertThat(silent).as("kept back").isPositive();
    assertThat(bad).as("told of a bad cookie").isPositive();
    assertThat(cut).as("cut").isPositive();
  }

  private static final String[] FAR = {
    "www.far.example.", "Mail.far.example.", "alias.far.example.", "no.far.example.",
    "empty.far.example.", "big.far.example.", "short.far.example.", "rcode.far.example."
  };

  /** What others might have said about a name. */
  private static Answer farAnswer(String name, int type, Random random) {
    var owner =
        Name.fromConstantString(random.nextBoolean() ? name : name.toLowerCase(Locale.ROOT));
    var lines = new ArrayList<String>();
    var authority = List.<RrSet>of();
    var additional = List.<RrSet>of();
    int ttl = 2 + random.nextInt(400);
    switch (name.charAt(0)) {
      case 'a' -> lines.add("CNAME Target.far.example.");
      case 'M' -> {
        lines.add("MX 10 Mail.far.example.");
        lines.add("MX 20 mx.other.example.");
        var hosts = IntStream.range(0, random.nextInt(100)).mapToObj(i -> "A 203.0.113." + i);
        var addresses = hosts.toArray(String[]::new);
        if (addresses.length > 0) { // more than some datagrams have room for
          additional = List.of(set(owner, ttl, addresses));
        }
      }
      case 'b' -> {
        for (int i = 0; i < 30; i++) {
          lines.add("TXT " + "t".repeat(20) + i);
        }
      }
      case 'n', 'e', 'r' -> {
        var soa = "SOA ns.far.example. Host.far.example. 1 2 3 4 " + ttl;
        authority = List.of(set(Name.fromConstantString("far.example."), 300, soa));
      }
      default -> lines.add("A 203.0.113." + random.nextInt(255));
    }
    var sets = new ArrayList<RrSet>();
    if (!lines.isEmpty()) {
      sets.add(set(owner, ttl, lines.toArray(String[]::new)));
    }
    if (name.charAt(0) == 'a') {
      sets.add(set(Name.fromConstantString("target.far.example."), 7, "A 203.0.113.9"));
    }
    int rcode = name.charAt(0) == 'n' ? 3 : name.charAt(0) == 'r' ? 2 : 0;
    var security = random.nextInt(3) == 0 ? Security.SECURE : Security.UNCHECKED;
    return new Answer(rcode, false, sets, authority, additional, false, Optional.empty(), security);
  }

  private static RrSet set(Name owner, int ttl, String... lines) {
    var records = new ArrayList<Record>();
    for (var line : lines) {
      var parts = line.split(" ", 2);
      try {
        records.add(
            Record.fromString(owner, Type.value(parts[0]), DClass.IN, ttl, parts[1], Name.root));
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
    }
    return RrSet.of(records);
  }

  @Test
  void says_of_the_cache_what_the_slow_lane_says() {
    var random = new Random(11);
    var clock = new VirtualTime();
    var lanes = new Lanes(zones(new RandomZones(1)), RateLimit.Limits.NONE, clock);
    int[] types = {Type.A, Type.MX, Type.TXT};
    int fast = 0;
    int large = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      var name = FAR[random.nextInt(FAR.length)];
      int type = types[random.nextInt(types.length)];
      if (random.nextInt(30) == 0) {
        var key =
            new CacheKey(
                Question.in(Name.fromConstantString(name), type),
                random.nextBoolean(),
                random.nextInt(4) == 0);
        lanes.cache.put(key, farAnswer(name, type, random), clock.now());
      }
      if (random.nextInt(2_000) == 0) {
        lanes.cache.clear();
      }
      clock.advance(Duration.ofMillis(random.nextInt(300)));
      boolean cased = random.nextInt(8) == 0;
      var query = Asker.query(cased ? cased(name, random) : name.toLowerCase(Locale.ROOT), type);
      flag(query.getHeader(), Flags.CD, random.nextInt(4) == 0);
      flag(query.getHeader(), Flags.AD, random.nextInt(3) == 0);
      flag(query.getHeader(), Flags.RD, random.nextInt(9) > 0);
      query.getHeader().setID(i & 0xFFFF);
      if (random.nextInt(3) > 0) {
        boolean ok = random.nextInt(3) == 0;
        query.addRecord(
            new OPTRecord(
                random.nextBoolean() ? 1_232 : 512,
                0,
                0,
                ok ? Flags.DO : 0,
                random.nextBoolean() ? List.of(cookie(random)) : List.of()),
            Section.ADDITIONAL);
      }
      var message = query.toWire();
      var client = random.nextInt(9) == 0 ? STRANGER : FRIEND;
      var transport = random.nextInt(3) > 0 ? Transport.UDP : Transport.TLS;
      var quick = lanes.fast(message, client, transport);
      var slow = lanes.slow(message, client, transport);
      if (quick.isPresent()) {
        fast++;
        large += slow.length > 1_232 ? 1 : 0;
        assertThat(HexFormat.of().formatHex(quick.get()))
            .as("question " + query.getQuestion() + transport)
            .isEqualTo(HexFormat.of().formatHex(slow));
      }
    }
    assertThat(fast).as("answers of the fast lane").isGreaterThan(QUESTIONS / 10);
    assertThat(large).as("answers that no datagram has").isPositive();
    lanes.cache.clear();
    assertThat(lanes.cache.bytes()).isZero();
  }

  /** Over zones without signatures, with NSEC, and with NSEC3. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void makes_no_objects(long seed) {
    var random = new Random(7);
    var zones = new RandomZones(2);
    var ours = seed == 0 ? zones(zones) : signed(zones, seed);
    var lanes = new Lanes(ours, RateLimit.Limits.NONE, TimeSource.system());
    var far = Question.in(Name.fromConstantString(FAR[0]), Type.A);
    var now = TimeSource.system().now();
    lanes.cache.put(new CacheKey(far, false, false), farAnswer(FAR[0], Type.A, random), now);
    var remembered = Asker.query(FAR[0], Type.A).toWire();
    lanes.slow(remembered, FRIEND);
    assertThat(lanes.fast(remembered, FRIEND)).isPresent();
    var messages = new ArrayList<byte[]>(java.util.Collections.nCopies(100, remembered));
    while (messages.size() < 1_000) {
      var message = message(zones, random, seed > 0);
      if (lanes.fast(message, FRIEND).isPresent()) {
        messages.add(message);
      }
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes(); // the bean itself is warm after this
    long bytes = Long.MAX_VALUE;
    // A round in which the runtime links or compiles something of its own may allocate.
    for (int round = 0; round < 20 && bytes != 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < messages.size(); i++) {
        var message = messages.get(i);
        lanes.fast.answer(message, message.length, 0, 0xFFFF_7F00_0001L, Transport.UDP, lanes.out);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(bytes).as("bytes allocated by a thousand answers").isZero();
  }

  @Test
  void closes_when_told_and_asks_the_checkpoints() {
    var lanes = new Lanes(zones(new RandomZones(1)));
    var message = Asker.query("ns.alpha.test.", "A").toWire();
    assertThat(lanes.fast(message, FRIEND)).isPresent();

    lanes.control.set(FastRules.CLOSED);
    assertThat(lanes.fast(message, FRIEND)).isEmpty();

    var seen = new AtomicInteger();
    var notThisName =
        new Checkpoint() {
          @Override
          public boolean asks(FastQuestion question) {
            seen.incrementAndGet();
            return question.name().labels() > 2;
          }

          @Override
          public Pass answers(FastQuestion question, Kind kind) {
            return switch (kind) {
              case NO_NAME -> Pass.SLOW;
              case NO_DATA -> Pass.DROP;
              default -> Pass.SEND;
            };
          }
        };
    var all = List.of(Prefix.parse("0.0.0.0/0"));
    lanes.control.set(FastRules.open(all, List.of(), List.of(notThisName)));
    assertThat(lanes.fast(message, FRIEND)).isPresent();
    assertThat(lanes.fast(Asker.query("alpha.test.", "SOA").toWire(), FRIEND)).isEmpty();
    assertThat(lanes.fast(Asker.query("x.y.ns.alpha.test.", "A").toWire(), FRIEND)).isEmpty();
    assertThat(lanes.fast(Asker.query("ns.alpha.test.", "TXT").toWire(), FRIEND).orElseThrow())
        .as("silence")
        .isEmpty();
    assertThat(seen).hasValue(4);
    assertThat(lanes.fast(message, STRANGER)).isEmpty();
  }

  @Test
  void what_is_read_ahead_is_answered_like_what_comes_alone() {
    var random = new Random(9715);
    var zones = new RandomZones(9715);
    var lanes = new Lanes(zones(zones));
    var home = new InetSocketAddress("127.0.0.1", 5353);
    var ahead = Stream.generate(FastQuestion::new).limit(16).toList();
    int answered = 0;
    for (int round = 0; round < 200; round++) {
      var messages = new ArrayList<byte[]>();
      for (var soon : ahead) {
        var type = random.nextBoolean() ? "A" : "MX";
        var message = Asker.query(cased(question(zones, random), random), type).toWire();
        messages.add(message);
        if (soon.read(message, message.length, 0, 0xFFFF_7F00_0001L, Transport.UDP)) {
          lanes.fast.expect(soon);
        }
      }
      lanes.fast.fetch();
      for (int i = 0; i < messages.size(); i++) {
        var message = messages.get(i);
        int bytes = lanes.fast.answer(ahead.get(i), message, lanes.out);
        var reply = Arrays.copyOf(lanes.out, Math.max(0, bytes));
        assertThat(lanes.fast(message, home).orElse(new byte[0])).isEqualTo(reply);
        answered += bytes > 0 ? 1 : 0;
      }
    }
    assertThat(answered).isGreaterThan(2_000);
  }

  @Test
  void is_closed_while_somebody_listens() {
    var watched = new java.util.concurrent.atomic.AtomicBoolean();
    var control = new FastSwitch(watched::get);
    var holder = new ZoneHolder();
    holder.publish(Zones.of(zones(new RandomZones(1))));
    control.set(FastRules.open(List.of(Prefix.parse("0.0.0.0/0")), List.of(), List.of()));
    var cache =
        new AnswerCache(new CacheLimits(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)));
    var lane = new FastLane(holder, cache, control, TimeSource.system(), Optional.empty());
    var message = Asker.query("ns.alpha.test.", "A").toWire();
    var out = new byte[4_096];
    assertThat(lane.answer(message, message.length, 0, 0xFFFF_7F00_0001L, Transport.UDP, out))
        .isPositive();
    watched.set(true);
    assertThat(lane.answer(message, message.length, 0, 0xFFFF_7F00_0001L, Transport.UDP, out))
        .isEqualTo(FastLane.SLOW);
  }
}
