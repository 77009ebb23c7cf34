package dev.islet.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.socket.UdpOptions;
import dev.islet.core.net.socket.UdpSocket;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class StartExceptionTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void aTakenTcpPortNamesItsHolder() throws Exception {
    try (var holder = new ServerSocket(0, 1, LOOPBACK)) {
      var address = new InetSocketAddress(LOOPBACK, holder.getLocalPort());
      var cause =
          Assertions.catchThrowableOfType(
              BindException.class, () -> new ServerSocket(address.getPort(), 1, LOOPBACK).close());
      var why = StartException.bind("ftp/tcp", address, cause);
      assertThat(why.id()).isEqualTo("NET-BIND-001");
      assertThat(why)
          .hasMessageContaining("ftp/tcp 127.0.0.1:" + address.getPort() + " is already in use by")
          .hasMessageContaining("(pid " + ProcessHandle.current().pid() + ")")
          .hasMessageContaining("choose another port")
          .hasCause(cause);
    }
  }

  @Test
  void aTakenUdpPortNamesItsHolder() throws Exception {
    var options = UdpOptions.on(new InetSocketAddress(LOOPBACK, 0));
    try (var holder = UdpSocket.open(options)) {
      var cause =
          Assertions.catchThrowableOfType(
              BindException.class, () -> UdpSocket.open(options.withBind(holder.local())).close());
      var why = StartException.bind("udp", holder.local(), cause);
      assertThat(why.id()).isEqualTo("NET-BIND-001");
      assertThat(why).hasMessageContaining("(pid " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void aForeignAddressIsTold() {
    var address = new InetSocketAddress("192.0.2.1", 53);
    var cause =
        Assertions.catchThrowableOfType(
            BindException.class, () -> UdpSocket.open(UdpOptions.on(address)).close());
    var why = StartException.bind("dns/udp", address, cause);
    assertThat(why.id()).isEqualTo("NET-BIND-003");
    assertThat(why).hasMessageContaining("no interface of this machine has the address");
  }

  @Test
  void aMissingCapabilityIsTold() {
    var why =
        StartException.bind(
            "udp", new InetSocketAddress(LOOPBACK, 53), new BindException("Permission denied"));
    assertThat(why.id()).isEqualTo("NET-BIND-002");
    assertThat(why).hasMessageContaining("CAP_NET_BIND_SERVICE");
  }

  @Test
  void anythingElseIsPassedOn() {
    var why =
        StartException.bind(
            "udp", new InetSocketAddress(LOOPBACK, 53), new java.io.IOException("odd"));
    assertThat(why.id()).isEqualTo("NET-BIND-009");
    assertThat(why).hasMessageContaining("odd");
  }

  @Test
  void endpointsReadAsPeopleWriteThem() throws Exception {
    assertThat(new Endpoint("dns/udp", new InetSocketAddress(InetAddress.getByName("::1"), 53)))
        .hasToString("dns/udp [0:0:0:0:0:0:0:1]:53");
    assertThat(new Endpoint("dns/udp", new InetSocketAddress("127.0.0.1", 53)))
        .hasToString("dns/udp 127.0.0.1:53");
    assertThat(new Endpoint("x", InetSocketAddress.createUnresolved("nas", 1)))
        .hasToString("x nas:1");
  }
}
