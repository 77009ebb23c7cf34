package dev.islet.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.DnsServer;
import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A random Internet of real servers on loopback: ours, NSD, Knot DNS and BIND serve its zones side
 * by side, each where it is installed; BIND resolves over it as we do, and both must find the same.
 */
class RecursionLabTest {
  private static final Path NAMED = Path.of("/usr/sbin/named");
  private static final Path NSD = Path.of("/usr/sbin/nsd");
  private static final Path KNOT = Path.of("/usr/sbin/knotd");
  private static final int QUESTIONS = Integer.getInteger("islet.lab.questions", 1_200);
  private static final int[] TYPES = {
    Type.A, Type.A, Type.AAAA, Type.TXT, Type.NS, Type.CNAME, Type.MX, Type.SOA, Type.DNAME, Type.DS
  };

  private static final Pattern ADDRESS = Pattern.compile("198\\.18\\.\\d+\\.\\d+");

  @TempDir Path folder;
  private final List<AutoCloseable> running = new ArrayList<>();
  private final Map<String, String> dealt = new LinkedHashMap<>();
  private int port;

  @Test
  void over_a_thousand_random_names_it_finds_what_bind_finds() throws Exception {
    assumeTrue(Files.isExecutable(NAMED), "BIND is not installed");
    var world = new RandomInternet(42, RandomInternet.Honest.ALL);
    port = freePort(InetAddress.getByName("127.0.0.1"));
    folder.toFile().setReadable(true, false);
    try {
      serve(world);
      var hints = folder.resolve("root.hints");
      Files.writeString(hints, hints(world));
      var bind = bindResolver(hints);
      var steps = new ConcurrentLinkedQueue<String>();
      var ours =
          DnsServer.create(
              c ->
                  c.listen("127.0.0.1", 0)
                      .iterate(hints, port)
                      .filter(f -> f.allowRebinding()) // in the lab all addresses are private
                      .onTrace(
                          e -> {
                            if (e instanceof DnsEvent.Walked walked) {
                              steps.add(walked.note());
                            }
                          }));
      running.add(ours);
      ours.start();
      compare(world, bind, ours.endpoints().getFirst().address());
      assertThat(steps).anyMatch(s -> s.contains("RFC 9156"));
    } finally {
      for (var each : running.reversed()) {
        each.close();
      }
    }
  }

  private static void compare(RandomInternet world, InetSocketAddress bind, InetSocketAddress ours)
      throws IOException {
    var differences = new ArrayList<String>();
    var kinds = new java.util.TreeMap<String, Integer>();
    for (int i = 0; i < QUESTIONS; i++) {
      var name = world.name();
      int type = TYPES[i % TYPES.length];
      var theirs = summary(ask(bind, name, type));
      var mine = summary(ask(ours, name, type));
      kinds.merge(mine.split(" ")[0], 1, Integer::sum);
      if (!theirs.equals(mine)) {
        differences.add(name + " " + Type.string(type) + "\n BIND " + theirs + "\n ours " + mine);
      }
    }
    System.out.println(QUESTIONS + " questions: " + kinds + ", different: " + differences.size());
    assertThat(differences.stream().limit(5)).as(differences.size() + " differences").isEmpty();
    assertThat(kinds.keySet()).contains("NOERROR", "NXDOMAIN");
  }

  private static String summary(Message reply) {
    if (reply.getRcode() == Rcode.SERVFAIL) {
      return "SERVFAIL"; // aliases in a circle
    }
    var records = new TreeSet<String>();
    for (var record : reply.getSection(Section.ANSWER)) {
      records.add(
          (record.getName() + " " + Type.string(record.getType()) + " " + record.rdataToString())
              .toLowerCase(Locale.ROOT));
    }
    return Rcode.string(reply.getRcode()) + " " + records;
  }

  private static Message ask(InetSocketAddress server, String name, int type) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(15_000);
      var query = Message.newQuery(Record.newRecord(Internet.n(name), type, 1));
      query.addRecord(new OPTRecord(1_232, 0, 0), Section.ADDITIONAL);
      var wire = query.toWire();
      socket.send(new DatagramPacket(wire, wire.length, server));
      var packet = new DatagramPacket(new byte[4_096], 4_096);
      socket.receive(packet);
      return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
  }

  /**
   * In the lab all servers are on loopback; BIND listens only where an interface has an address.
   */
  private String local(String text) {
    return ADDRESS.matcher(text).replaceAll(m -> place(m.group()));
  }

  private String place(String address) {
    return "named".equals(dealt.get(address)) ? "127.0.0.1" : address.replace("198.18.", "127.53.");
  }

  private String hints(RandomInternet world) {
    return world.records().get(".").stream()
        .filter(l -> l.startsWith("@ NS") || l.contains(".root. A"))
        .map(l -> local(l).replace("@ ", ". 3600 ").replace(" A ", " 3600 A ") + "\n")
        .collect(Collectors.joining());
  }

  /** Deals the addresses out to the kinds of servers there are. */
  private void serve(RandomInternet world) throws Exception {
    var kinds = new ArrayList<String>(List.of("ours", "named"));
    if (Files.isExecutable(NSD)) {
      kinds.add("nsd");
    }
    if (Files.isExecutable(KNOT)) {
      kinds.add("knot");
    }
    var addresses = new LinkedHashMap<String, Set<String>>();
    var zones = new LinkedHashMap<String, Map<String, Path>>();
    for (var address :
        world.servers().values().stream().flatMap(List::stream).distinct().toList()) {
      dealt.put(address, kinds.get(dealt.size() % kinds.size()));
    }
    for (var entry : world.servers().entrySet()) {
      var file = folder.resolve("zone." + entry.getKey());
      Files.writeString(file, text(entry.getKey(), world.records().get(entry.getKey())));
      for (var address : entry.getValue()) {
        var kind = String.valueOf(dealt.get(address));
        addresses.computeIfAbsent(kind, k -> new LinkedHashSet<>()).add(place(address));
        zones.computeIfAbsent(kind, k -> new LinkedHashMap<>()).put(entry.getKey(), file);
      }
    }
    for (var kind : addresses.keySet()) {
      var where = List.copyOf(addresses.get(kind));
      switch (kind) {
        case "ours" -> ours(where, zones.get(kind));
        case "named" -> named(where, zones.get(kind));
        case "nsd" -> nsd(where, zones.get(kind));
        default -> knot(where, zones.get(kind));
      }
      var zone = zones.get(kind).keySet().iterator().next();
      for (var address : where) {
        await(new InetSocketAddress(address, port), zone, kind);
      }
    }
    System.out.println("addresses by server: " + addresses);
  }

  private String text(String origin, List<String> records) {
    return "$ORIGIN "
        + origin
        + "\n$TTL 3600\n@ SOA ns.invalid. hostmaster.invalid. 1 3600 900 86400 300\n"
        + records.stream().map(r -> local(r) + "\n").collect(Collectors.joining());
  }

  private void ours(List<String> addresses, Map<String, Path> zones) {
    var server =
        DnsServer.create(
            c -> {
              addresses.forEach(a -> c.listen(a, port));
              zones.forEach(c::zoneFile);
            });
    running.add(server);
    server.start();
  }

  private void named(List<String> addresses, Map<String, Path> zones) throws IOException {
    var conf =
        new StringBuilder(
            options("named", addresses, port) + "recursion no; require-server-cookie yes; };\n");
    zones.forEach(
        (name, file) ->
            conf.append("zone \"" + name + "\" { type primary; file \"" + file + "\"; ")
                .append("check-names ignore; };\n"));
    run("named", conf, NAMED.toString(), "-g", "-c");
  }

  /** BIND as a resolver over the lab: it asks all at our port, and listens at another. */
  private InetSocketAddress bindResolver(Path hints) throws IOException {
    int listen = freePort(InetAddress.getByName("127.0.0.1"));
    var conf =
        options("resolver", List.of("127.0.0.1"), listen)
            + ("port "
                + port
                + "; recursion yes; allow-query { any; }; max-recursion-queries 200; };\n")
            + ("zone \".\" { type hint; file \"" + hints + "\"; };\n");
    run("resolver", conf, NAMED.toString(), "-g", "-c");
    var address = new InetSocketAddress("127.0.0.1", listen);
    await(address, "alfa.", "resolver");
    return address;
  }

  private String options(String name, List<String> addresses, int at) throws IOException {
    var home = Files.createDirectory(folder.resolve(name));
    return "controls { };\noptions { directory \""
        + home
        + "\"; listen-on port "
        + at
        + " { "
        + String.join("; ", addresses)
        + "; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; notify no; "
        + "check-integrity no; dnssec-validation no; empty-zones-enable no; prefetch 0; ";
  }

  private void nsd(List<String> addresses, Map<String, Path> zones) throws IOException {
    var home = Files.createDirectory(folder.resolve("nsd"));
    var conf = new StringBuilder("server:\n server-count: 1\n username: \"\"\n database: \"\"\n");
    conf.append(
        " port: " + port + "\n zonesdir: \"" + home + "\"\n pidfile: \"" + home + "/pid\"\n");
    conf.append(" xfrdfile: \"" + home + "/xfrd\"\n xfrdir: \"" + home + "\"\n");
    conf.append(" zonelistfile: \"" + home + "/list\"\n");
    addresses.forEach(a -> conf.append(" ip-address: " + a + "\n"));
    conf.append("remote-control:\n control-enable: no\n");
    zones.forEach(
        (name, file) ->
            conf.append("zone:\n name: \"" + name + "\"\n zonefile: \"" + file + "\"\n"));
    run("nsd", conf, NSD.toString(), "-d", "-c");
  }

  private void knot(List<String> addresses, Map<String, Path> zones) throws IOException {
    var home = Files.createDirectory(folder.resolve("knot"));
    var conf = new StringBuilder("server:\n  rundir: " + home + "\n  udp-workers: 1\n");
    conf.append("  tcp-workers: 1\n  background-workers: 1\n  listen: [");
    conf.append(addresses.stream().map(a -> a + "@" + port).collect(Collectors.joining(", ")));
    conf.append("]\ndatabase:\n  storage: " + home + "\nzone:\n");
    zones.forEach(
        (name, file) -> conf.append("  - domain: " + name + "\n    file: " + file + "\n"));
    run("knot", conf, KNOT.toString(), "-c");
  }

  private void run(String name, CharSequence conf, String... command) throws IOException {
    var file = folder.resolve(name + ".conf");
    Files.writeString(file, conf);
    var words = new ArrayList<>(List.of(command));
    words.add(file.toString());
    var process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    running.add(
        () -> {
          process.destroy();
          process.waitFor();
        });
  }

  private void await(InetSocketAddress server, String zone, String name) {
    Wait.until(
        Duration.ofSeconds(20),
        () -> {
          try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(500);
            socket.connect(server);
            var wire = Message.newQuery(Record.newRecord(Internet.n(zone), Type.SOA, 1)).toWire();
            socket.send(new DatagramPacket(wire, wire.length));
            var packet = new DatagramPacket(new byte[4_096], 4_096);
            socket.receive(packet);
            var reply = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
            return reply.getRcode() == Rcode.NOERROR ? "" : name + " says " + reply.getRcode();
          } catch (IOException e) {
            return server + ": " + e + "\n" + log(name);
          }
        });
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private static int freePort(InetAddress at) throws IOException {
    try (var socket = new ServerSocket(0, 1, at)) {
      return socket.getLocalPort();
    }
  }
}
