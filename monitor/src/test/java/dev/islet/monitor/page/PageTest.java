package dev.islet.monitor.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.testkit.BrowserSuite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The page in a real browser, on a monitor that says what the checks want: figures that move,
 * services that die, hang and lie, hostile names; every view at three widths, light and dark.
 */
final class PageTest {
  private static final int CHECKS = 29;

  private final BrowserSuite browser =
      new BrowserSuite(Path.of("src/test/browser"), Path.of("target"));

  @TestFactory
  Stream<DynamicTest> checks_of_the_browser() {
    var results =
        browser.run(
            "suite.mjs",
            Map.of(
                "ISLET_PAGE",
                Path.of("target/classes/dev/islet/monitor/page").toAbsolutePath().toString()));
    assertThat(results).hasSize(CHECKS);
    return results.stream()
        .map(one -> DynamicTest.dynamicTest(one.name(), () -> assertThat(one.why()).isEmpty()));
  }

  @Test
  void a_check_that_fails_is_not_passed_over() {
    var results = browser.run("broken.mjs", Map.of());
    assertThat(results).extracting(BrowserSuite.Result::name).isEqualTo(List.of("good", "bad"));
    assertThat(results.getFirst().why()).isEmpty();
    assertThat(results.getLast().why()).contains("numbers: expected 1 but found");
  }
}
