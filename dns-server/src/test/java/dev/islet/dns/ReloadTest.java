package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Reloads under questions: none is lost, and no answer mixes an old zone and a new one. */
class ReloadTest {
  private static final int RELOADS = 30;
  private static final int HOSTS = 200;
  private static final int WINDOW = 64;

  @TempDir Path folder;

  /** All addresses of a zone end in its serial, and so does the text of its top. */
  private void zone(int serial, String more) throws IOException {
    Files.writeString(
        folder.resolve("home.zone"),
        "$TTL 60\n@ SOA ns host "
            + serial
            + " 2 3 4 5\n@ NS ns\n$GENERATE 1-"
            + HOSTS
            + " h$ A 10.0.$."
            + serial
            + "\nmany A 10.1.0."
            + serial
            + "\nmany A 10.2.0."
            + serial
            + "\n"
            + more);
  }

  @Test
  void no_question_is_lost_and_no_answer_is_mixed() throws Exception {
    zone(1, "");
    var file = folder.resolve("dns.yaml");
    Files.writeString(file, "listen: [127.0.0.1:0]\nzones: {home.arpa: {file: home.zone}}\n");
    var home = new Home(folder.resolve("data"), folder.resolve("logs"));
    var done = new AtomicBoolean();
    try (var dns = DnsServer.create(new ConfigFile<>(file, DnsConfig.class), home).start();
        var threads = Executors.newFixedThreadPool(2)) {
      var server = dns.endpoints().getFirst().address();
      Callable<Set<Integer>> asking = () -> ask(server, done);
      var askers = List.of(threads.submit(asking), threads.submit(asking));
      try {
        for (int serial = 2; serial <= RELOADS; serial++) {
          zone(serial, "bad A 10.0.0\n");
          assertThat(dns.reload())
              .isInstanceOfSatisfying(
                  Reload.Refused.class, r -> assertThat(r.why()).contains("home.zone:7"));
          zone(serial, "");
          assertThat(dns.reload()).isInstanceOf(Reload.Applied.class);
        }
      } finally {
        done.set(true);
      }
      for (var asker : askers) {
        assertThat(asker.get()).as("serials seen").contains(RELOADS).hasSizeGreaterThan(2);
      }
    }
  }

  /** Keeps some questions under way; every one must be answered, in any order. */
  private static Set<Integer> ask(InetSocketAddress server, AtomicBoolean done) throws IOException {
    var serials = new HashSet<Integer>();
    int newest = 0;
    try (var asker = new Asker(server)) {
      for (boolean last = false; !last; ) {
        last = done.get(); // one more round after the last reload
        var open = new HashSet<Integer>();
        for (int i = 0; i < WINDOW; i++) {
          var name = i % 2 == 0 ? "many.home.arpa." : "h" + (1 + i % 200) + ".home.arpa.";
          var query = Asker.query(name, "A");
          query.getHeader().setID(i);
          asker.send(query.toWire());
          open.add(i);
        }
        while (!open.isEmpty()) {
          var reply = new Message(asker.receive()); // times out if one was lost
          assertThat(open.remove(reply.getHeader().getID())).isTrue();
          assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
          var seen = new HashSet<Integer>();
          for (var record : reply.getSection(Section.ANSWER)) {
            seen.add(Integer.parseInt(record.rdataToString().replaceFirst(".*\\.", "")));
          }
          assertThat(seen).as("one answer, one zone: %s", reply).hasSize(1);
          int serial = seen.iterator().next();
          assertThat(serial).as("never back").isGreaterThanOrEqualTo(newest);
          newest = serial;
          serials.add(serial);
        }
      }
    }
    return serials;
  }
}
