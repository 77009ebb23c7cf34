package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebConfigTest {
  private static WebConfig parse(String text) {
    return ConfigFile.parse(text, Path.of("web.yaml"), WebConfig.class, Map.of());
  }

  @Test
  void everything_but_addresses_and_sites_has_a_default() {
    var config = parse("http: 127.0.0.1:8080\nsites: {x: {}}\n");
    assertThat(config.http2()).isTrue();
    assertThat(config.h2c()).isFalse();
    assertThat(config.limits().headTime()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.limits().idleTime()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.limits().head().bytes()).isEqualTo(32 << 10);
    assertThat(config.limits().headers()).isEqualTo(100);
    assertThat(config.limits().body().bytes()).isEqualTo(64 << 20);
    assertThat(config.admin()).isEmpty();
  }

  /** %n ends a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "htp: 127.0.0.1:80%nsites: {x: {}} | web.yaml:1 | did you mean \"http\"?",
        "http: 127.0.0.1:80 | web.yaml:1 | sites",
        "sites: {x: {}} | web.yaml:1 | nothing to listen on",
        "http: localhost%nsites: {x: {}} | web.yaml:1 | lacks a port",
        "http: 127.0.0.1:80%nsites:%n  x:%n    routes:%n      - file: {folder: a} | web.yaml:5 | did you mean \"files\"?",
        "http: 127.0.0.1:80%nsites:%n  x:%n    routes:%n      - files: {folder: a, at: b} | web.yaml:5 | not a path",
        "http: 127.0.0.1:80%nsites:%n  x:%n    routes:%n      - proxy: {to: 'ftp://a'} | web.yaml:5 | not the address of a server",
        "http: 127.0.0.1:80%nsites:%n  x:%n    routes:%n      - redirect: {to: /a, status: 200} | web.yaml:5 | expected 301",
        "http: 127.0.0.1:80%nsites: {x: {}}%nlimits: {body: 5 MB} | web.yaml:3 | like 64MiB",
        "http: 127.0.0.1:80%nsites: {x: {}}%nlimits: {headers: 2} | web.yaml:3 | expected 8 to 1000",
      })
  void faults_are_told_with_line_and_advice(String text, String where, String what) {
    assertThatThrownBy(() -> parse(text.replace("%n", "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(what);
  }

  @Test
  void names_used_twice_are_a_fault_of_the_file() throws Exception {
    var file = Files.createTempFile("web", ".yaml");
    try {
      Files.writeString(file, "http: 127.0.0.1:0\nsites: {a: {aliases: [z]}, b: {aliases: [z]}}\n");
      assertThatThrownBy(
              () ->
                  WebServer.create(
                      new ConfigFile<>(file, WebConfig.class),
                      new Home(Path.of("d"), Path.of("l"))))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("both a and b answer for z");
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "pi"})
  void the_files_that_ship_are_good_and_their_folders_are_there(String which) {
    var path = Path.of("..", "config", which, "web.yaml");
    var config = new ConfigFile<>(path, WebConfig.class).read();
    assertThat(config.sites())
        .containsOnlyKeys("www.home.arpa", "web1.home.arpa", "web2.home.arpa");
    for (var site : config.sites().values()) {
      for (var route : site.routes()) {
        if (route instanceof WebConfig.RouteConfig.Files files) {
          assertThat(files.folder()).isDirectory();
        }
      }
    }
  }
}
