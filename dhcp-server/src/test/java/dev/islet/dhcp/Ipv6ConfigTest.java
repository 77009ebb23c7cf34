package dev.islet.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.net.MacAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6ConfigTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

  private static Ipv6Config parse(String yaml) {
    return DhcpConfigTest.parse(yaml).ipv6().orElseThrow();
  }

  @Test
  void without_the_key_there_is_no_ipv6() {
    assertThat(DhcpConfigTest.parse("interfaces: []").ipv6()).isEmpty();
  }

  @Test
  void what_dhcp_gives_is_what_is_advertised() {
    var six =
        parse(
            """
            ipv6:
              subnets:
                - {subnet: "2001:db8:7::/64", nic: eth0, pools: ["2001:db8:7::1000-2001:db8:7::1fff"]}
                - {subnet: "2001:db8:8::/64", nic: eth1, dns: ["2001:db8:8::1"]}
              advertise: [{nic: eth0}, {nic: eth1, lifetime: 0s, interval: 1m}]
            """);
    var first = six.advertise().getFirst().plan(MAC, List.of(six.subnets().getFirst())).advert();
    assertThat(first.managed()).isTrue();
    assertThat(first.prefixes())
        .singleElement()
        .satisfies(p -> assertThat(p.valid()).isEqualTo(Duration.ofMinutes(90)));
    var second = six.advertise().getLast().plan(MAC, List.of(six.subnets().getLast())).advert();
    assertThat(second.managed()).isFalse();
    assertThat(second.other()).isTrue();
    assertThat(second.lifetime()).isZero();
    assertThat(second.namesLifetime()).isEqualTo(Duration.ofMinutes(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subnets: [{subnet: 192.168.7.0/24}] | expected an IPv6 network",
        "subnets: [{subnet: '2001:db8::/64', pools: ['2001:db9::1']}] | does not lie in",
        "subnets: [{subnet: '2001:db8::/64', delegate: [{from: '2001:db8:1::/48', length: 40}]}]"
            + " | cannot be delegated",
        "subnets: [{subnet: '2001:db8::/64'}, {subnet: '2001:db8::/48'}] | overlap",
        "subnets: [{subnet: '2001:db8::/64', lease: 1h}] | expected at most lease",
        "subnets: [{subnet: '2001:db8::/64', refresh: 1m}] | expected at least 10m",
        "subnets: [{subnet: '2001:db8::/64', reservations: [{address: '2001:db8::5'}]}]"
            + " | a DUID or a MAC address",
        "advertise: [{nic: eth0, interval: 1s}] | expected 4s to 30m",
        "advertise: [{nic: eth0, lifetime: 1m}] | from interval",
        "advertise: [{nic: eth0, mtu: 500}] | at least 1280",
        "advertise: [{nic: eth0, nat64: '2001:db8::/60'}] | no NAT64 prefix",
        "advertise: [{nic: eth0}, {nic: eth0}] | named twice",
        "advertise: [{nic: eth0, prefixes: [{prefix: 10.0.0.0/8}]}] | expected an IPv6 prefix",
        "advertise: [{nic: eth0, hop-limt: 1}] | hop-limit",
      })
  void faults_are_named_with_their_line(String part, String expected) {
    assertThatThrownBy(() -> parse("ipv6:\n  " + part + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dhcp.yaml:2")
        .hasMessageContaining(expected);
  }
}
