package dev.islet.web.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SitesTest {
  private static Site site(String name, boolean standing, String... names) {
    return new Site(name, List.of(names), standing, false, Duration.ZERO, List.of());
  }

  @Test
  void exact_names_come_before_wildcards_and_those_before_the_default() {
    var www = site("www", false, "WWW.home.arpa");
    var near = site("near", false, "*.lab.home.arpa");
    var far = site("far", false, "*.home.arpa");
    var any = site("any", true, "any.home.arpa");
    var sites = new Sites(List.of(www, near, far, any));
    assertThat(sites.find("www.home.arpa")).contains(www);
    assertThat(sites.find("x.lab.home.arpa")).contains(near);
    assertThat(sites.find("a.b.lab.home.arpa")).contains(near);
    assertThat(sites.find("lab.home.arpa")).contains(far);
    assertThat(sites.find("home.arpa")).contains(any);
    assertThat(sites.find("")).contains(any);
  }

  @Test
  void nobody_answers_for_a_stranger_without_a_default() {
    assertThat(new Sites(List.of(site("a", false, "a"))).find("b")).isEmpty();
  }

  @Test
  void names_are_used_once() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sites(List.of(site("a", false, "x"), site("b", false, "X"))))
        .withMessage("both a and b answer for x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sites(List.of(site("a", true, "x"), site("b", true, "y"))))
        .withMessageContaining("default site");
    assertThatIllegalArgumentException().isThrownBy(() -> site("a", false, "no name"));
  }
}
