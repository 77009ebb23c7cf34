package dev.islet.voip.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.registrar.Digest.Algorithm;
import org.junit.jupiter.api.Test;

class DigestTest {
  @Test
  void the_example_of_rfc_2617_section_3_5() {
    var ha1 = Digest.ha1(Algorithm.MD5, "Mufasa", "testrealm@host.com", "Circle Of Life");
    assertThat(
            Digest.response(
                Algorithm.MD5,
                ha1,
                "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                "00000001",
                "0a4f113b",
                "GET",
                "/dir/index.html"))
        .isEqualTo("6629fae49393a05397450978507c4ef1");
  }

  @Test
  void the_examples_of_rfc_7616_section_3_9_1() {
    assertThat(rfc7616(Algorithm.MD5)).isEqualTo("8ca523f5e9506fed4657c9700eebdbec");
    assertThat(rfc7616(Algorithm.SHA_256))
        .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  }

  private static String rfc7616(Algorithm algorithm) {
    var ha1 = Digest.ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life");
    return Digest.response(
        algorithm,
        ha1,
        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "00000001",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        "GET",
        "/dir/index.html");
  }
}
