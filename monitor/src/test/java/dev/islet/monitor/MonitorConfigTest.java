package dev.islet.monitor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigFile;
import dev.islet.testkit.ConfigRules;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorConfigTest extends ConfigRules {
  MonitorConfigTest() {
    super(MonitorConfig.class, "../config/local/monitor.yaml", "../config/pi/monitor.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listn: 127.0.0.1:80 | monitor.yaml:1 | did you mean \"listen\"?",
        "ask-every: 10ms | monitor.yaml:1 | expected 1s to 10m",
        "services: {DNS: 127.0.0.1:9} | monitor.yaml:1 | no name of a service",
      })
  void faults_are_told_with_line_and_advice(String text, String where, String what) {
    assertThatThrownBy(
            () -> ConfigFile.parse(text, Path.of("monitor.yaml"), MonitorConfig.class, Map.of()))
        .hasMessageContaining(where)
        .hasMessageContaining(what);
  }
}
