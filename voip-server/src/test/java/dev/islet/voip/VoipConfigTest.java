package dev.islet.voip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.voip.registrar.Digest.Algorithm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VoipConfigTest {
  private static VoipConfig read(String yaml) {
    return ConfigFile.parse(yaml, Path.of("voip.yaml"), VoipConfig.class, Map.of("PW", "from-env"));
  }

  private static void refused(String yaml, String... words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(yaml))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  @Test
  void defaults_are_as_documented() {
    var config = ConfigFile.defaults(VoipConfig.class);
    assertThat(config.domain()).isEqualTo("home.arpa");
    assertThat(config.listen().udp()).singleElement().hasToString("/0.0.0.0:5060");
    assertThat(config.listen().tls()).isEmpty();
    assertThat(config.auth().algorithms()).containsExactly(Algorithm.SHA_256, Algorithm.MD5);
    assertThat(config.rtp().ports()).isEqualTo(new PortRange(10_000, 10_200));
    assertThat(config.registration().min()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.admin()).isEmpty();
  }

  @Test
  void a_password_may_come_from_the_environment() {
    var config = read("extensions: [{number: 100, password: \"${PW}\"}]");
    assertThat(config.extensions().getFirst().password()).contains("from-env");
  }

  @Test
  void passwords_are_not_printed() {
    assertThat(read("extensions: [{number: 100, password: \"${PW}\"}]").toString())
        .doesNotContain("from-env");
  }

  @Test
  void a_wrong_key_is_told_with_its_line_and_the_nearest_known_one() {
    refused("domain: home.arpa\nextensons: []\n", "voip.yaml:2", "did you mean \"extensions\"?");
  }

  @Test
  void values_that_do_not_fit_are_told_at_their_key() {
    refused("extensions: [{number: 100}, {number: 100}]", "100", "twice");
    refused("extensions: [{number: \"1 0\"}]", "number");
    refused("extensions: [{number: 100, password: short}]", "8 characters");
    refused("rtp: {ports: 10000}", "range of ports");
    refused("rtp: {ports: 80-90}", "1024");
    refused("registration: {min: 3h}", "min <= usual");
    refused("auth: {algorithms: []}", "at least one");
    refused("auth: {algorithms: [sha-1]}", "sha-256, md5");
    refused("listen: {udp: []}", "UDP");
    refused("domain: \"a b\"", "domain name");
  }

  @Test
  void a_hash_is_needed_for_each_algorithm_offered() {
    var md5 = "0123456789abcdef0123456789abcdef";
    refused("extensions: [{number: 100, ha1: {md5: " + md5 + "}}]", "no ha1 for SHA-256");
    var config =
        read("auth: {algorithms: [md5]}\nextensions: [{number: 100, ha1: {md5: " + md5 + "}}]");
    assertThat(config.extensions().getFirst().ha1().orElseThrow().md5()).contains(md5);
  }
}
