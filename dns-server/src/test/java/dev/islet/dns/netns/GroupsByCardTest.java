package dev.islet.dns.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group's member is known by its card, whatever its address is. */
class GroupsByCardTest {
  private static final String CONFIG =
      """
      listen: ["10.78.0.1:53", "[fd78::1]:53"]
      forwarders: ["127.0.0.1:1"]
      allow-recursion: [10.78.0.0/24, "fd78::/64"]
      filter:
        groups:
          child:
            clients: ["02:00:00:00:00:c1"]
            block: [games.example.com]
      """;

  @TempDir Path folder;

  @Test
  void the_first_question_of_a_card_is_judged_by_it_also_if_only_a_rule_names_it()
      throws Exception {
    assumeTrue(Namespaces.have("dig"), "needs dig");
    Files.writeString(folder.resolve("list"), "||games.example.com^$client=02:00:00:00:00:c1\n");
    var rules = "    ads: {file: " + folder.resolve("list") + ", format: adblock}\n";
    try (var street = Street.build(folder)) {
      card(street, "02:00:00:00:00:c1");
      var config = folder.resolve("dns.yaml");
      Files.writeString(
          config, CONFIG.substring(0, CONFIG.indexOf("  groups:")) + "  lists:\n" + rules);
      street.server(config);
      assertThat(blocked(street, "10.78.0.1")).isTrue();
      assertThat(blocked(street, "fd78::1")).isTrue();
    }
  }

  @Test
  void whoever_has_the_card_is_in_the_group() throws Exception {
    assumeTrue(Namespaces.have("dig"), "needs dig");
    try (var street = Street.build(folder)) {
      card(street, "02:00:00:00:00:c2");
      var config = folder.resolve("dns.yaml");
      Files.writeString(config, CONFIG);
      street.server(config);
      for (var server : List.of("10.78.0.1", "fd78::1")) {
        await(street, server, false);
      }
      card(street, "02:00:00:00:00:c1");
      for (var server : List.of("10.78.0.1", "fd78::1")) {
        await(street, server, true);
      }
      // the kernel has forgotten it, and the asker has no reason to introduce itself again
      street.ip(Street.SERVER, "neigh flush all");
      assertThat(blocked(street, "10.78.0.1")).isTrue();
      assertThat(blocked(street, "fd78::1")).isTrue();
      card(street, "02:00:00:00:00:c2");
      await(street, "10.78.0.1", false);
    }
  }

  /** The kernel's word of a new card and the first question from it come by two ways. */
  private static void await(Street street, String server, boolean blocked) {
    Wait.until(
        Duration.ofSeconds(10),
        () -> blocked(street, server) == blocked ? "" : server + " blocks: " + !blocked);
  }

  /** The client's machine with another card: it asks for the server's hardware address anew. */
  private static void card(Street street, String mac) throws Exception {
    street.ip(Street.CLIENT, "link set dnc0 address " + mac);
    street.ip(Street.CLIENT, "neigh flush all");
  }

  private static boolean blocked(Street street, String server) {
    try {
      var said =
          street.ask(
              "",
              List.of("dig", "@" + server, "+tries=1", "+timeout=15", "games.example.com", "A"));
      assertThat(said).containsPattern("status: (NOERROR|SERVFAIL)");
      return said.contains("0.0.0.0");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
