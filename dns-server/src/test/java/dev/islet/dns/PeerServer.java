package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.wire.TsigStream;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * BIND, NSD or Knot on a free port of loopback with a folder of its own, holding one zone as
 * primary or secondary, with the key {@link #KEY}.
 */
final class PeerServer implements AutoCloseable {
  static final String KEY = "xfer";
  static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  static final String ZONE = "home.arpa.";
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What runs. */
  enum Kind {
    NAMED("/usr/sbin/named"),
    NSD("/usr/sbin/nsd"),
    KNOT("/usr/sbin/knotd");

    final String program;

    Kind(String program) {
      this.program = program;
    }

    boolean installed() {
      return Files.isExecutable(Path.of(program));
    }
  }

  final Kind kind;
  final int port;
  private final Path folder;
  private final List<String> command;
  private final Path log;
  private Process process;

  private PeerServer(Kind kind, Path folder, int port, List<String> command) throws IOException {
    this.kind = kind;
    this.folder = folder;
    this.port = port;
    this.command = command;
    this.log = folder.resolve("log");
    this.process = launch();
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A secondary of the server at a port. */
  static PeerServer secondary(Kind kind, Path folder, int port, int primary) throws IOException {
    var text =
        switch (kind) {
          case NAMED ->
              named(folder, port)
                  + """
                  zone "home.arpa" { type secondary; file "copy"; masterfile-format text;
                    primaries { 127.0.0.1 port %d key xfer; }; allow-notify { 127.0.0.1; }; };
                  """
                      .formatted(primary);
          case NSD ->
              nsd(folder, port)
                  + """
                  zone:
                    name: home.arpa
                    zonefile: copy
                    request-xfr: 127.0.0.1@%d xfer
                    allow-notify: 127.0.0.1 xfer
                    provide-xfr: 127.0.0.1 xfer
                  """
                      .formatted(primary);
          case KNOT ->
              knot(folder, port, primary)
                  + """
                  zone:
                    - domain: home.arpa
                      master: other
                      acl: other
                      file: copy
                      zonefile-sync: 0
                  """;
        };
    return with(kind, folder, port, text);
  }

  /** A primary of a master file, which gives the zone to whoever has the key. */
  static PeerServer primary(Kind kind, Path folder, int port, int secondary, String zone)
      throws IOException {
    Files.writeString(folder.resolve("zone"), zone);
    var text =
        switch (kind) {
          case NAMED ->
              named(folder, port)
                  + """
                  server 127.0.0.1 { keys { xfer; }; };
                  zone "home.arpa" { type primary; file "zone"; allow-transfer { key xfer; };
                    allow-update { key xfer; }; notify explicit; check-names ignore;
                    also-notify { 127.0.0.1 port %d key xfer; }; };
                  """
                      .formatted(secondary);
          case NSD ->
              nsd(folder, port)
                  + """
                  zone:
                    name: home.arpa
                    zonefile: zone
                    provide-xfr: 127.0.0.1 xfer
                    store-ixfr: yes
                    create-ixfr: yes
                    notify: 127.0.0.1@%d xfer
                  """
                      .formatted(secondary);
          case KNOT ->
              knot(folder, port, secondary)
                  + """
                  zone:
                    - domain: home.arpa
                      file: zone
                      notify: other
                      acl: other
                      zonefile-sync: -1
                      zonefile-load: difference
                      journal-content: changes
                  """;
        };
    return with(kind, folder, port, text);
  }

  /** A server with this configuration. */
  static PeerServer with(Kind kind, Path folder, int port, String text) throws IOException {
    var conf = folder.resolve("conf");
    Files.writeString(conf, text);
    var command =
        switch (kind) {
          case NAMED -> List.of(kind.program, "-g", "-c", conf.toString());
          case NSD -> List.of(kind.program, "-d", "-c", conf.toString());
          case KNOT -> List.of(kind.program, "-c", conf.toString());
        };
    return new PeerServer(kind, folder, port, command);
  }

  private static String named(Path folder, int port) {
    return named(folder, port, "");
  }

  static String named(Path folder, int port, String options) {
    return """
        options { directory "%s"; recursion no; listen-on port %d { 127.0.0.1; };
          listen-on-v6 { none; }; pid-file none; session-keyfile none; dnssec-validation no;
          empty-zones-enable no; managed-keys-directory "%s"; min-refresh-time 1;
          notify-delay 0; notify-rate 1000; startup-notify-rate 1000; serial-query-rate 1000; %s };
        controls { };
        key "xfer" { algorithm hmac-sha256; secret "%s"; };
        """
        .formatted(folder, port, folder, options, SECRET);
  }

  private static String nsd(Path folder, int port) {
    return """
        server:
          ip-address: 127.0.0.1@%d
          username: ""
          chroot: ""
          zonesdir: "%s"
          zonelistfile: "%s/zonelist"
          database: ""
          xfrdfile: "%s/xfrd"
          xfrdir: "%s"
          pidfile: "%s/pid"
          server-count: 1
          verbosity: 2
        remote-control:
          control-enable: yes
          control-interface: "%s/control"
        key:
          name: xfer
          algorithm: hmac-sha256
          secret: "%s"
        """
        .formatted(port, folder, folder, folder, folder, folder, folder, SECRET);
  }

  static String knot(Path folder, int port, int other) {
    return """
        server:
          rundir: "%s"
          listen: 127.0.0.1@%d
        database:
          storage: "%s"
        template:
          - id: default
            storage: "%s"
        log:
          - target: stderr
            any: info
        key:
          - id: xfer
            algorithm: hmac-sha256
            secret: "%s"
        remote:
          - id: other
            address: 127.0.0.1@%d
            key: xfer
        acl:
          - id: other
            address: 127.0.0.1
            key: xfer
            action: [transfer, notify, update]
        """
        .formatted(folder, port, folder, folder, SECRET, other);
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Puts another master file in place of a primary's and has it read. */
  void reload(String zone) throws Exception {
    Files.writeString(folder.resolve("zone"), zone);
    switch (kind) {
      case NAMED -> run("/bin/kill", "-HUP", Long.toString(process.pid()));
      case NSD -> run("/usr/sbin/nsd-control", "-c", folder.resolve("conf").toString(), "reload");
      case KNOT -> run("/usr/sbin/knotc", "-c", folder.resolve("conf").toString(), "zone-reload");
    }
  }

  private static void run(String... command) throws Exception {
    var done = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(done.getInputStream().readAllBytes());
    if (done.waitFor() != 0) {
      throw new AssertionError(List.of(command) + " said " + said);
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", port);
  }

  /** Waits until it serves the zone at a serial. */
  void awaitSerial(long serial) {
    awaitSerial(address(), serial, this::log);
  }

  static void awaitSerial(
      InetSocketAddress server, long serial, java.util.function.Supplier<String> log) {
    Wait.until(
        PATIENCE,
        () -> {
          var now = serialOf(server);
          return now.equals("" + serial) ? "" : "at " + now + "\n" + log.get();
        });
  }

  static String serialOf(InetSocketAddress server) {
    try (var stream = new Asker.Stream(server)) {
      var query = Asker.query(ZONE, Type.SOA);
      query.getHeader().unsetFlag(Flags.RD);
      stream.send(query.toWire());
      var reply = new Message(stream.receive());
      return reply.getRcode() == Rcode.NOERROR
              && !reply.getSection(Section.ANSWER).isEmpty()
              && reply.getSection(Section.ANSWER).getFirst() instanceof SOARecord soa
          ? "" + soa.getSerial()
          : Rcode.string(reply.getRcode());
    } catch (IOException e) {
      return e.toString();
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TsigKey key() {
    return new TsigKey(
        Name.fromConstantString(KEY + "."),
        TsigAlgorithm.HMAC_SHA256,
        Base64.getDecoder().decode(SECRET));
  }

  /** Compares what two servers give by AXFR, record by record. */
  static void assertSameZone(InetSocketAddress left, InetSocketAddress right) {
    var a = records(left);
    var b = records(right);
    var onlyLeft = new TreeSet<>(a);
    onlyLeft.removeAll(b);
    var onlyRight = new TreeSet<>(b);
    onlyRight.removeAll(a);
    assertThat(onlyLeft).as("only at " + left).isEmpty();
    assertThat(onlyRight).as("only at " + right).isEmpty();
  }

  /** Every record of the zone that a server gives by AXFR, as text, the SOA once. */
  static TreeSet<String> records(InetSocketAddress server) {
    var asked = TsigStream.ask(Asker.query(ZONE, Type.AXFR).toWire(), key(), Instant.now());
    var view = new MessageView();
    var all = new ArrayList<Record>();
    try (var stream = new Asker.Stream(server)) {
      stream.send(asked.message());
      do {
        var message = stream.receive();
        assertThat(view.read(ByteBuffer.wrap(message))).isTrue();
        assertThat(asked.reply().check(message, view.tsigAt(), Instant.now())).isEmpty();
        var reply = new Message(message);
        assertThat(reply.getRcode()).as("" + reply).isZero();
        assertThat(reply.getSection(Section.ANSWER))
            .as("NSD does so with long records")
            .isNotEmpty();
        all.addAll(reply.getSection(Section.ANSWER));
      } while (all.size() == 1 || !all.getLast().equals(all.getFirst()));
    } catch (IOException e) {
      throw new AssertionError("AXFR from " + server, e);
    }
    var texts = new TreeSet<String>();
    all.forEach(r -> texts.add(text(r)));
    assertThat(texts).as("no record but the SOA comes twice").hasSize(all.size() - 1);
    return texts;
  }

  /** In small letters, since Knot keeps only those. */
  private static String text(Record record) {
    return record.getName().canonicalize()
        + " "
        + record.getTTL()
        + " "
        + Type.string(record.getType())
        + " "
        + HexFormat.of().formatHex(record.rdataToWireCanonical());
  }

  /** Ends it as a power cut would. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
