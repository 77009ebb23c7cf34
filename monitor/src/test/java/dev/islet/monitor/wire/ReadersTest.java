package dev.islet.monitor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadersTest {
  private static final String METRICS =
      """
      # TYPE islet_x_a counter
      # HELP islet_x_a Help with } and "
      islet_x_a_total{way="in",what="a b} \\" c"} 3.0
      islet_x_a_total{way="out"} 1.5E3 1764000000
      islet_x_free +Inf
      islet_x_info{process="7@1"} 1
      # EOF
      """;

  private static Scrape scrape(String text, Scrape before) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return Scrape.parse(bytes, bytes.length, 0, before);
  }

  @Test
  void samples_are_summed_over_labels() {
    var first = scrape(METRICS, null);
    var again = scrape(METRICS.replace("3.0", "4.0"), first);
    assertThat(first.sum("islet_x_a_total", "")).isEqualTo(1503);
    assertThat(again.sum("islet_x_a_total", "")).isEqualTo(1504);
    assertThat(again.sum("islet_x_a_total", "way=\"out\"")).isEqualTo(1500);
    assertThat(again.sum("islet_x_a", "")).isNull();
    assertThat(again.value("islet_x_free")).isInfinite();
    assertThat(again.label("islet_x_info", "process")).isEqualTo("7@1");
    assertThat(again.name(0)).isSameAs(first.name(0));
  }

  @Test
  void a_service_that_tells_other_samples_than_before_is_read_anew() {
    var first = scrape(METRICS, null);
    var other = scrape("islet_x_free 3\nislet_x_a_total{way=\"out\"} 2\n# EOF\n", first);
    assertThat(other.value("islet_x_free")).isEqualTo(3);
    assertThat(other.sum("islet_x_a_total", "")).isEqualTo(2);
    assertThat(other.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a 1\n", "a\n# EOF", "a one\n# EOF", "a{b=\"c 1\n# EOF", "<html>"})
  void what_is_no_metrics_is_told(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> scrape(text, null));
  }

  @Test
  void json_is_read_as_it_was_written() {
    var read =
        JsonReader.object(
            JsonReader.read(
                "{\"a\":[1,-2.5,1e3,true,false,null,\"x\\\"\\u00e9\\n/\"],\"b\":{},\"c\":[]} "));
    assertThat(JsonReader.list(read.get("a")))
        .isEqualTo(Arrays.asList(1L, -2.5, 1000.0, true, false, null, "x\"é\n/"));
    assertThat(read.get("b")).isEqualTo(java.util.Map.of());
    assertThat(JsonReader.list(read.get("c"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,",
        "{\"a\"}",
        "tru",
        "1 2",
        "\"",
        "\"\\u12\"",
        "\"\\x\"",
        "-",
        "nul",
        "{1:2}"
      })
  void what_is_no_json_is_told(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read(text));
  }

  @Test
  void depth_is_bounded() {
    assertThatIllegalArgumentException().isThrownBy(() -> JsonReader.read("[".repeat(100_000)));
  }

  @Test
  void damaged_text_is_a_fault_and_nothing_else() {
    var random = new Random(7);
    var sources = new String[] {METRICS, "{\"a\":[1,{\"b\":\"\\u0041c\"}],\"d\":-1.5e2}"};
    for (int i = 0; i < 20_000; i++) {
      var source = sources[i % 2];
      var bytes = source.getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(32, 127);
      }
      int length = random.nextInt(bytes.length + 1);
      try {
        if (i % 2 == 0) {
          Scrape.parse(bytes, length, 0, null);
        } else {
          JsonReader.read(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
      } catch (IllegalArgumentException told) {
        assertThat(told).hasMessageNotContaining("index");
      }
    }
  }
}
