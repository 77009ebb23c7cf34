package dev.islet.dns;

import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * A small internet: a root, two top level domains and leaves, signed by BIND's dnssec-signzone,
 * served by BIND without a check, and an Unbound that checks, to compare with. Some of the leaves
 * are spoiled after they were signed.
 */
final class SignedLab implements AutoCloseable {
  static final Path NAMED = Path.of("/usr/sbin/named");
  static final Path UNBOUND = Path.of("/usr/sbin/unbound");
  static final Path SIGNER = Path.of("/usr/bin/dnssec-signzone");

  private static final String[] NSEC = {};
  private static final String[] NSEC3 = {"-3", "ab12", "-H", "3"};
  private static final String[] OPT_OUT = {"-3", "-", "-H", "0", "-A"};
  private static final String[] MANY = {"-3", "ab", "-H", "100"};

  /** Leaves with nothing wrong, and how each is signed; no algorithm means not at all. */
  static final Map<String, String> GOOD = new LinkedHashMap<>();

  /** Leaves with something wrong. */
  static final List<String> BROKEN =
      List.of(
          "expired.one.",
          "future.one.",
          "altered.one.",
          "stripped.one.",
          "wrongds.one.",
          "nokey.one.",
          "unsigned.one.",
          "nodenial.one.",
          "badnsec.one.",
          "badsoa.one.",
          "badkeys.one.",
          "nodenial3.one.",
          "strange.one.",
          "digest.one.");

  static {
    GOOD.put("ed.one.", "ED25519");
    GOOD.put("rsa512.one.", "RSASHA512");
    GOOD.put("p384.one.", "ECDSAP384SHA384");
    GOOD.put("plain.one.", "");
    GOOD.put("kid.ed.one.", "ECDSAP256SHA256");
    GOOD.put("hash.two.", "ECDSAP256SHA256");
    GOOD.put("opt.two.", "ECDSAP256SHA256");
    GOOD.put("many.two.", "ECDSAP256SHA256");
    GOOD.put("plain.two.", "");
    GOOD.put("plain.opt.two.", "");
    GOOD.put("ed448.two.", "ED448");
    GOOD.put("island.plain.two.", "ECDSAP256SHA256");
  }

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final List<String> served = new ArrayList<>();
  final int namedPort;
  final int unboundPort;

  static boolean installed() {
    return Files.isExecutable(NAMED) && Files.isExecutable(UNBOUND) && Files.isExecutable(SIGNER);
  }

  SignedLab(Path folder) throws Exception {
    this.folder = folder;
    this.namedPort = freePort();
    this.unboundPort = freePort();
    zones();
    try {
      named();
      unbound();
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /** The DS records of a zone, one a line, as its parent would have them. */
  List<String> anchor(String zone) throws IOException {
    return Files.readAllLines(folder.resolve("dsset-" + zone)).stream()
        .map(
            l ->
                l.replaceAll("\\s+", " ")
                    .replaceFirst("^(\\S+) (IN )?DS (\\d+ \\d+ \\d+) (.*)$", "$1 DS $3 $4"))
        .map(
            l ->
                l.replaceFirst(
                    " (\\S+) (\\S+)$",
                    l.matches(".* \\d+ \\d+ \\d+ \\S+ \\S+") ? " $1$2" : " $1 $2"))
        .toList();
  }

  private void zones() throws Exception {
    var leaves = new ArrayList<String>();
    leaves.add("kid.ed.one.");
    leaves.add("plain.opt.two.");
    leaves.add("island.plain.two.");
    GOOD.keySet().stream().filter(z -> !leaves.contains(z)).forEach(leaves::add);
    leaves.addAll(BROKEN);
    for (var zone : leaves) {
      leaf(zone);
    }
    for (var top : List.of("one.", "two.")) {
      var text = new StringBuilder(head(top));
      for (var zone : leaves) {
        boolean direct = zone.endsWith("." + top) && zone.split("\\.").length == 2;
        if (direct) {
          text.append(zone).append(" 300 NS ns.").append(top).append('\n');
        }
      }
      sign(top, text.toString(), "RSASHA256", top.equals("two.") ? OPT_OUT : NSEC, l -> l);
    }
    var root = head(".") + "one. 300 NS ns.one.\ntwo. 300 NS ns.two.\n";
    sign(".", root, "ECDSAP256SHA256", NSEC, l -> l);
  }

  private void leaf(String zone) throws Exception {
    var text = new StringBuilder(head(zone));
    text.append(
        """
        www 300 A 192.0.2.1
        www 300 A 192.0.2.2
        www 300 TXT "some text"
        WWW2 300 AAAA 2001:db8::1
        mail 300 MX 10 WwW
        srv 300 SRV 1 2 3 WWW.ed.ONE.
        svc 300 HTTPS 1 WwW alpn=h2
        a.b.ent 300 A 192.0.2.3
        *.wild 300 A 192.0.2.4
        *.wild 300 MX 5 mail
        there.wild 300 TXT "closer"
        *.alias 300 CNAME www
        loop 300 CNAME www
        out 300 CNAME www.hash.two.
        far 300 CNAME x.wild.ed.one.
        gone 300 CNAME nothing.hash.two.
        astray 300 CNAME www.plain.one.
        toexpired 300 CNAME www.expired.one.
        tree 300 DNAME hash.two.
        deep.under.cover 300 A 192.0.2.5
        """);
    for (var kid : List.of("kid.ed.one.", "plain.opt.two.", "island.plain.two.")) {
      if (kid.substring(kid.indexOf('.') + 1).equals(zone)) {
        text.append(kid).append(" 300 NS ns.").append(zone).append('\n');
      }
    }
    var algorithm = GOOD.getOrDefault(zone, "ECDSAP256SHA256");
    if (algorithm.isEmpty()) {
      Files.writeString(folder.resolve(zone + "zone"), text);
      served.add(zone);
      return;
    }
    var options =
        switch (zone) {
          case "hash.two.", "nodenial3.one." -> NSEC3;
          case "opt.two." -> OPT_OUT;
          case "many.two." -> MANY;
          case "expired.one." -> new String[] {"-s", "20200101000000", "-e", "20200201000000"};
          case "future.one." -> new String[] {"-s", "20900101000000", "-e", "20900201000000"};
          default -> NSEC;
        };
    sign(zone, text.toString(), algorithm, options, spoiler(zone));
    spoilDigest(zone);
  }

  /** What is done to each line of a signed zone; an empty one goes. */
  private static UnaryOperator<String> spoiler(String zone) {
    return switch (zone) {
      case "altered.one." -> l -> l.replace("192.0.2.2", "203.0.113.66");
      case "stripped.one." -> l -> l.matches("www\\..*RRSIG\\s+A .*") ? "" : l;
      case "nokey.one." -> l -> l.matches(".*\\sDNSKEY\\s+257 .*") ? "" : l;
      case "unsigned.one." -> l -> l.matches(".*\\s(RRSIG|NSEC|DNSKEY)\\s.*") ? "" : l;
      // the one at the apex stays, or BIND would take the zone for unsigned
      case "nodenial.one." ->
          l -> l.startsWith("nodenial.one.") || !l.matches(".*\\s(RRSIG\\s+)?NSEC\\s.*") ? l : "";
      case "nodenial3.one." ->
          l -> l.matches(".*\\sNSEC3\\s.*") || l.matches(".*RRSIG\\s+NSEC3 .*") ? "" : l;
      case "badnsec.one." ->
          l -> l.matches(".*\\sNSEC\\s.*") ? l.replaceFirst(" A ", " A LOC ") : l;
      case "badsoa.one." -> l -> l.contains("SOA") ? l.replace(" 3600 ", " 3601 ") : l;
      case "badkeys.one." -> l -> l.matches(".*RRSIG\\s+DNSKEY .*") ? "" : l;
      default -> l -> l;
    };
  }

  private void spoilDigest(String zone) throws IOException {
    var file = folder.resolve("dsset-" + zone);
    if (zone.equals("island.plain.two.")) {
      return;
    }
    if (zone.equals("wrongds.one.")) {
      var text = Files.readString(file);
      int at = text.strip().length() - 3;
      char other = text.charAt(at) == 'A' ? 'B' : 'A';
      Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
    }
    if (zone.equals("strange.one.")) {
      Files.writeString(file, Files.readString(file).replaceAll("DS(\\s+\\d+) 13 2", "DS$1 200 2"));
    }
    if (zone.equals("digest.one.")) {
      Files.writeString(
          file, Files.readString(file).replaceAll("DS(\\s+\\d+) 13 2", "DS$1 13 200"));
    }
  }

  private static String head(String zone) {
    var dot = zone.equals(".") ? "." : "." + zone;
    return "$TTL 300\n$ORIGIN "
        + zone
        + "\n@ 300 SOA ns"
        + dot
        + " host"
        + dot
        + " 1 3600 600 86400 120\n@ 300 NS ns"
        + dot
        + "\nns"
        + dot
        + " 300 A 127.0.0.1\n";
  }

  private void sign(
      String zone, String text, String algorithm, String[] options, UnaryOperator<String> spoil)
      throws Exception {
    for (boolean ksk : new boolean[] {true, false}) {
      var keygen = new ArrayList<>(List.of("dnssec-keygen", "-q", "-a", algorithm));
      if (algorithm.startsWith("RSA")) {
        keygen.addAll(List.of("-b", "2048"));
      }
      if (ksk) {
        keygen.addAll(List.of("-f", "KSK"));
      }
      keygen.add(zone);
      run(keygen);
    }
    var plain = folder.resolve(zone + "plain");
    Files.writeString(plain, text);
    var signer = new ArrayList<>(List.of(SIGNER.toString(), "-S", "-g", "-P", "-O", "full"));
    signer.addAll(List.of(options));
    signer.addAll(List.of("-o", zone, "-f", zone + "signed", plain.toString()));
    run(signer);
    var lines = new ArrayList<String>();
    for (var line : Files.readAllLines(folder.resolve(zone + "signed"))) {
      lines.add(spoil.apply(line));
    }
    Files.write(folder.resolve(zone + "zone"), lines);
    served.add(zone);
  }

  private void named() throws Exception {
    var conf = new StringBuilder();
    conf.append("options { directory \"")
        .append(folder)
        .append("\"; recursion yes; allow-recursion { any; }; dnssec-validation no;")
        .append(" listen-on port ")
        .append(namedPort)
        .append(" { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; notify no;")
        .append(" check-integrity no; minimal-responses yes; empty-zones-enable no;")
        .append(" session-keyfile none; tcp-clients 500; };\ncontrols { };\n");
    for (var zone : served) {
      conf.append("zone \"")
          .append(zone)
          .append("\" { type primary; file \"")
          .append(zone)
          .append("zone\"; check-names ignore; };\n");
    }
    Files.writeString(folder.resolve("named.conf"), conf);
    start(NAMED.toString(), "-g", "-c", folder.resolve("named.conf").toString());
    awaitAnswer(namedPort, "named.log");
  }

  private void unbound() throws Exception {
    var conf = new StringBuilder("server:\n");
    for (var line :
        List.of(
            "directory: \"" + folder + "\"",
            "chroot: \"\"",
            "username: \"\"",
            "pidfile: \"\"",
            "use-syslog: no",
            "do-daemonize: no",
            "interface: 127.0.0.1@" + unboundPort,
            "do-not-query-localhost: no",
            "module-config: \"validator iterator\"",
            "val-nsec3-keysize-iterations: \"1024 50 2048 50 4096 50\"",
            "trust-anchor-signaling: no",
            "root-key-sentinel: no",
            "val-bogus-ttl: 1",
            "unblock-lan-zones: yes",
            "num-threads: 1")) {
      conf.append("  ").append(line).append('\n');
    }
    for (var anchor : anchors()) {
      conf.append("  trust-anchor: \"").append(anchor).append("\"\n");
    }
    conf.append("remote-control:\n  control-enable: no\n");
    conf.append("forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@").append(namedPort);
    conf.append('\n');
    Files.writeString(folder.resolve("unbound.conf"), conf);
    start(UNBOUND.toString(), "-d", "-p", "-c", folder.resolve("unbound.conf").toString());
    awaitAnswer(unboundPort, "unbound.log");
  }

  /** Where a walk from the root begins; {@link #namedPort} is the port of all servers. */
  Path hints() throws IOException {
    return Files.writeString(folder.resolve("hints"), ". 300 NS ns.\nns. 300 A 127.0.0.1\n");
  }

  /** Those of the root and of the island. */
  List<String> anchors() throws IOException {
    var all = new ArrayList<>(anchor("."));
    all.addAll(anchor("island.plain.two."));
    return all;
  }

  private void run(List<String> command) throws Exception {
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(command + " failed: " + said);
    }
  }

  private void start(String... command) throws IOException {
    var name = Path.of(command[0]).getFileName() + ".log";
    processes.add(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name).toFile())
            .start());
  }

  private void awaitAnswer(int port, String log) {
    Wait.until(
        Duration.ofSeconds(20),
        () -> {
          try (var stream = new Asker.Stream(new InetSocketAddress("127.0.0.1", port))) {
            stream.send(Asker.query("www.ed.one.", "A").toWire());
            var reply = new Message(stream.receive());
            return reply.getRcode() == Rcode.NOERROR ? "" : "rcode " + reply.getRcode();
          } catch (IOException e) {
            try {
              return e + "\n" + Files.readString(folder.resolve(log));
            } catch (IOException io) {
              return String.valueOf(e);
            }
          }
        });
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    processes.forEach(Process::destroy);
    for (var process : processes) {
      process.waitFor();
    }
  }
}
