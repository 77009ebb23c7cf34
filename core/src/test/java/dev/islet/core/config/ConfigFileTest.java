package dev.islet.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  enum Level {
    QUIET,
    VERY_LOUD
  }

  sealed interface Route {}

  record Files_(@Key("folder") Path folder) implements Route {}

  record Proxy(@Key("where to") URI to, @Key("how long to wait") Duration timeout)
      implements Route {}

  record Pool(@Key("first") InetAddress from, @Key("last") InetAddress to) {
    Pool {
      if (from.getAddress()[3] > to.getAddress()[3]) {
        throw new BadValue("to", "must not be below from");
      }
    }
  }

  record Site(
      @Key("its name") String name,
      @Key(value = "what answers where", def = "{}") Map<String, Route> routes) {}

  record Limits(
      @Key(value = "most at a time", def = "10_000") int most,
      @Key(value = "a share", def = "0.5") double share) {
    Limits {
      if (most < 1) {
        throw new BadValue("most", "must be at least 1 but is " + most);
      }
    }
  }

  record Config(
      @Key(value = "where", def = "127.0.0.1:5300") List<InetSocketAddress> listen,
      @Key(value = "how long", def = "8h") Duration leaseTime,
      @Key(value = "how loud", def = "quiet") Level level,
      @Key(value = "on or off", def = "false") boolean enabled,
      @Key(value = "limits", def = "{}") Limits limits,
      @Key("a secret") Optional<String> password,
      @Key("a network") Optional<Prefix> network,
      @Key(value = "sites", def = "[]") List<Site> sites,
      @Key("a pool") Optional<Pool> pool,
      @Key(value = "names", def = "{}") Map<String, Integer> numbers) {}

  record Needs(@Key("who you are") String name, @Key("a port") int port) {}

  @TempDir Path folder;

  private static Config read(String text) {
    return read(text, Map.of());
  }

  private static Config read(String text, Map<String, String> environment) {
    return ConfigFile.parse(text, Path.of("/etc/islet/x.yaml"), Config.class, environment);
  }

  private static List<String> faults(String text) {
    return faults(text, Config.class);
  }

  private static <C extends Record> List<String> faults(String text, Class<C> type) {
    var e =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigFile.parse(text, Path.of("/etc/islet/x.yaml"), type, Map.of()));
    assertThat(e).isNotNull();
    return e.problems().stream().map(p -> p.toString().replace("/etc/islet/x.yaml:", "")).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "# only a comment\n", "---\n", "null"})
  void anEmptyFileGivesTheDefaults(String text) {
    var config = read(text);
    assertThat(config.listen()).containsExactly(new InetSocketAddress("127.0.0.1", 5300));
    assertThat(config.leaseTime()).isEqualTo(Duration.ofHours(8));
    assertThat(config.level()).isEqualTo(Level.QUIET);
    assertThat(config.limits()).isEqualTo(new Limits(10_000, 0.5));
    assertThat(config.password()).isEmpty();
    assertThat(config.sites()).isEmpty();
    assertThat(config).isEqualTo(ConfigFile.defaults(Config.class));
  }

  @Test
  void everyKindOfValueIsRead() {
    var config =
        read(
            """
            listen: ["[::1]:53", "0.0.0.0:5300"]
            lease-time: 1d12h
            level: very-loud
            enabled: yes
            limits: {most: 5, share: 0.25}
            password: "# not a comment"
            network: 192.168.7.0/24
            numbers: {one: 1, two: 2}
            pool: {from: 192.168.7.10, to: 192.168.7.20}
            sites:
              - name: www
                routes:
                  /: {files-: {folder: public}}
                  /api: {proxy: {to: "http://127.0.0.1:9000", timeout: 5s}}
            """
                .replace("files-", "files_"));
    assertThat(config.listen())
        .containsExactly(
            new InetSocketAddress(InetAddress.ofLiteral("::1"), 53),
            new InetSocketAddress("0.0.0.0", 5300));
    assertThat(config.leaseTime()).isEqualTo(Duration.ofHours(36));
    assertThat(config.level()).isEqualTo(Level.VERY_LOUD);
    assertThat(config.enabled()).isTrue();
    assertThat(config.limits()).isEqualTo(new Limits(5, 0.25));
    assertThat(config.password()).contains("# not a comment");
    assertThat(config.network()).contains(Prefix.parse("192.168.7.0/24"));
    assertThat(config.numbers()).containsExactly(Map.entry("one", 1), Map.entry("two", 2));
    assertThat(config.sites().getFirst().routes())
        .containsExactly(
            Map.entry("/", new Files_(Path.of("/etc/islet/public"))),
            Map.entry(
                "/api", new Proxy(URI.create("http://127.0.0.1:9000"), Duration.ofSeconds(5))));
  }

  @Test
  void oneValueIsAListOfOne() {
    assertThat(read("listen: 127.0.0.1:99").listen())
        .containsExactly(new InetSocketAddress("127.0.0.1", 99));
    assertThat(read("listen:").listen()).isEmpty();
  }

  @Test
  void allFaultsAreToldInTheOrderOfTheFile() {
    assertThat(
            faults(
                """
                lease-tme: 8h
                level: very-lound
                enabled: maybe
                limits:
                  most: many
                  share: half
                  colour: red
                listen: [127.0.0.1, "127.0.0.1:99999"]
                lease-time: 8 hours
                network: 192.168.7.1/24
                numbers: {one: 1.5}
                """))
        .containsExactly(
            "1:1: lease-tme: unknown key; did you mean \"lease-time\"?",
            "2:8: level: expected one of quiet, very-loud but found \"very-lound\";"
                + " did you mean \"very-loud\"?",
            "3:10: enabled: expected true or false but found \"maybe\"",
            "5:9: limits.most: expected a whole number but found \"many\"",
            "6:10: limits.share: expected a number but found \"half\"",
            "7:3: limits.colour: unknown key; known here: most, share",
            "8:10: listen[0]: \"127.0.0.1\" lacks a port; write address:port, like 127.0.0.1:53 or"
                + " [::1]:53",
            "8:21: listen[1]: \"99999\" is not a port from 0 to 65535",
            "9:13: lease-time: \"8 hours\" is not a duration; write a number and ms, s, m, h, d or"
                + " w, like 30s",
            "10:10: network: 192.168.7.1/24 has host bits set; write 192.168.7.0/24",
            "11:16: numbers.one: expected a whole number but found \"1.5\"");
  }

  @Test
  void aBadValueIsToldAtTheLineOfItsKey() {
    assertThat(faults("enabled: true\nlimits:\n  share: 0.1\n  most: 0\n"))
        .containsExactly("4:3: limits.most: must be at least 1 but is 0");
    assertThat(faults("pool:\n  from: 10.0.0.9\n  to: 10.0.0.1\n"))
        .containsExactly("3:3: pool.to: must not be below from");
  }

  @Test
  void requiredKeysAreNamedWithWhatTheyAre() {
    assertThat(faults("{}", Needs.class))
        .containsExactly("1:1: name: is required: who you are", "1:1: port: is required: a port");
    assertThat(faults("name: x\nport:\n", Needs.class))
        .containsExactly("2:6: port: expected a value but found none");
    assertThat(faults("sites:\n  - routes: {}\n"))
        .containsExactly("2:5: sites[0].name: is required: its name");
  }

  @Test
  void wrongShapesSayWhatWasFound() {
    assertThat(faults("limits: 5\nlevel: [a]\nnumbers: [1]\nenabled: {a: b}\n"))
        .containsExactly(
            "1:9: limits: expected a mapping of keys to values but found \"5\"",
            "2:8: level: expected one value but found a list",
            "3:10: numbers: expected a mapping of names to values but found a list",
            "4:10: enabled: expected one value but found a mapping");
    assertThat(faults("- a\n- b\n"))
        .containsExactly("1:1: expected a mapping of keys to values but found a list");
  }

  @Test
  void aVariantIsNamedByItsOneKey() {
    assertThat(faults("sites: [{name: a, routes: {/: {prox: {}}}}]"))
        .containsExactly(
            "1:32: sites[0].routes./: expected a mapping with one key of files_, proxy;"
                + " did you mean \"proxy\"?");
    assertThat(faults("sites: [{name: a, routes: {/: {proxy: {to: x}}}}]"))
        .containsExactly("1:39: sites[0].routes./.proxy.timeout: is required: how long to wait");
    assertThat(faults("sites: [{name: a, routes: {/: x}}]"))
        .containsExactly(
            "1:31: sites[0].routes./: expected a mapping with one key of files_, proxy");
  }

  @Test
  void whatIsNotYamlIsToldWithItsPlace() {
    assertThat(faults("listen: [a\nlevel: quiet\n"))
        .singleElement()
        .asString()
        .contains("not YAML");
    assertThat(faults("a: b: c")).singleElement().asString().startsWith("1:");
    assertThat(faults("level: quiet\nlevel: quiet\nnumbers: {a: 1, a: 2}\n"))
        .containsExactly(
            "2:1: level: is given twice, first in line 1",
            "3:17: numbers.a: is given twice, first in line 3");
    assertThat(faults("a: &a [*a]")).isNotEmpty();
  }

  @Test
  void theEnvironmentAndFilesFillIn() throws Exception {
    var secret = Files.writeString(folder.resolve("secret"), "hush\n");
    var environment = Map.of("PW", "from $1 env", "MOST", "7");
    assertThat(read("password: ${PW}", environment).password()).contains("from $1 env");
    assertThat(read("password: a-${PW}-b-${NONE:-c}", environment).password())
        .contains("a-from $1 env-b-c");
    assertThat(read("limits: {most: \"${MOST}\"}", environment).limits().most()).isEqualTo(7);
    assertThat(read("password: ${file:" + secret + "}").password()).contains("hush");
    assertThat(read("password: ${NONE:-}").password()).contains("");
    assertThat(faults("password: ${NONE}"))
        .containsExactly(
            "1:11: password: the environment variable NONE is not set; set it or write"
                + " ${NONE:-default}");
    assertThat(faults("password: ${file:nosuch}"))
        .singleElement()
        .asString()
        .contains("password: cannot read the secret /etc/islet/nosuch");
  }

  @Test
  void aFileThatIsNotThereIsTold() {
    var missing = new ConfigFile<>(folder.resolve("dns.yaml"), Config.class);
    var e = catchThrowableOfType(ConfigException.class, missing::read);
    assertThat(e).hasMessageContaining("dns.yaml:1:1").hasMessageContaining("create it");
  }

  @Test
  void aFileIsReadAsItIsNow() throws Exception {
    var path = Files.writeString(folder.resolve("x.yaml"), "enabled: true");
    var file = new ConfigFile<>(path, Config.class);
    assertThat(file.read().enabled()).isTrue();
    Files.writeString(path, "enabled: false");
    assertThat(file.read().enabled()).isFalse();
    Files.write(path, new byte[] {(byte) 0xC3, 0x28});
    assertThat(catchThrowableOfType(ConfigException.class, file::read)).isNotNull();
  }
}
