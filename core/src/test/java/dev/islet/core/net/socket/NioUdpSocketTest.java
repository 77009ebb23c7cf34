package dev.islet.core.net.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class NioUdpSocketTest extends UdpSocketContract {
  @Override
  UdpSocket open(UdpOptions options) throws IOException {
    return NioUdpSocket.open(options);
  }

  @Test
  void thePropertyChoosesIt() throws Exception {
    System.setProperty("islet.net", "nio");
    try (var socket = UdpSocket.open(UdpOptions.on(at("127.0.0.1", 0)))) {
      assertThat(socket).isInstanceOf(NioUdpSocket.class);
      assertThat(socket.keepsAskedAddress()).isFalse();
      assertThat(Nics.loopback()).isPresent();
      assertThatThrownBy(() -> PacketSocket.open(Nics.loopback().orElseThrow(), PacketSocket.IPV4))
          .hasMessageContaining("need 64-bit Linux");
    } finally {
      System.clearProperty("islet.net");
    }
  }

  @Test
  void whatItCannotDoIsRefusedAndNotIgnored() {
    assertThatThrownBy(() -> open(UdpOptions.on(at("127.0.0.1", 0)).withDevice("lo")))
        .hasMessageContaining("need the Linux socket");
    assertThatThrownBy(() -> open(UdpOptions.on(at("127.0.0.1", 0)).withTtl(255)))
        .hasMessageContaining("need the Linux socket");
  }
}
