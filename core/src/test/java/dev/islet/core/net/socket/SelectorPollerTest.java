package dev.islet.core.net.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SelectorPollerTest extends UdpPollerContract {
  @Override
  UdpPoller open() throws IOException {
    return SelectorPoller.open();
  }

  @Test
  void thePropertyChoosesIt() throws Exception {
    System.setProperty("islet.net", "nio");
    try (var poller = UdpPoller.open()) {
      assertThat(poller).isInstanceOf(SelectorPoller.class);
    } finally {
      System.clearProperty("islet.net");
    }
  }
}
