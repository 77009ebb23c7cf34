package dev.islet.ftp.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualPathTest {
  private final VirtualPath here = new VirtualPath(List.of("a", "b"));

  @ParameterizedTest
  @CsvSource({
    "c, /a/b/c",
    "/c, /c",
    "../c, /a/c",
    "../../../../c, /c",
    "./c/./d/, /a/b/c/d",
    "/, /",
    "//c///d, /c/d",
    "/../../etc/passwd, /etc/passwd",
    "c/../../.., /",
    "'c d', '/a/b/c d'",
    "..., /a/b/..."
  })
  void a_path_is_found_from_where_one_stands(String text, String path) throws Exception {
    assertThat(here.resolve(text)).hasToString(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\nb", "\u007f", "x/.islet-part-f", ".islet-part-"})
  void some_names_are_nobodys(String text) {
    assertThatThrownBy(() -> here.resolve(text)).isInstanceOf(FileRefused.class);
  }

  @Test
  void too_long_and_too_deep_is_refused() {
    assertThatThrownBy(() -> here.resolve("x".repeat(256))).isInstanceOf(FileRefused.class);
    assertThatThrownBy(() -> here.resolve("é".repeat(128))).isInstanceOf(FileRefused.class);
    assertThatThrownBy(() -> here.resolve("x/".repeat(3000))).isInstanceOf(FileRefused.class);
    assertThatThrownBy(() -> here.resolve("x/".repeat(65))).isInstanceOf(FileRefused.class);
  }

  @Test
  void no_text_whatever_names_something_above_the_root() {
    var random = new Random(11);
    var parts = List.of("..", ".", "/", "a", "..a", "//", "../", "/..", "\u00e9", "-");
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      try {
        assertThat(here.resolve(text.toString()).names())
            .doesNotContain("..", ".", "")
            .allMatch(name -> name.indexOf('/') < 0);
      } catch (FileRefused e) {
        assertThat(e.reason()).isEqualTo(FileRefused.Reason.NAME);
      }
    }
  }
}
