package dev.islet.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.wire.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DhcpConfigTest {
  static DhcpConfig parse(String yaml) {
    return ConfigFile.parse(yaml, Path.of("dhcp.yaml"), DhcpConfig.class, Map.of());
  }

  @Test
  void the_defaults_are_dry() {
    var config = ConfigFile.defaults(DhcpConfig.class);
    assertThat(config.interfaces()).isEmpty();
    assertThat(config.listen()).isEmpty();
    assertThat(config.authoritative()).isFalse();
    assertThat(config.offerHold()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void a_subnet_becomes_what_its_clients_are_told() {
    var config =
        parse(
            """
            subnets:
              - subnet: 192.168.7.0/24
                pools: [192.168.7.100-192.168.7.200]
                exclude: 192.168.7.150
                routers: 192.168.7.1
                routes: [10.0.0.0/8 via 192.168.7.2]
                options: {captive-portal: "https://x", 43: "hex:0102"}
                reservations:
                  - {address: 192.168.7.10, mac: ["b8:27:eb:00:00:01", "b8:27:eb:00:00:02"], name: nas}
            """);
    var subnet = config.plan().all().getFirst();
    assertThat(subnet.poolSize()).isEqualTo(100);
    assertThat(subnet.pools().getFirst().pool().contains(Ip4.parse("192.168.7.150"))).isFalse();
    assertThat(subnet.options().get(Code.ROUTES).toString())
        .as("the default route goes in too (RFC 3442)")
        .isEqualTo("080ac0a8070200c0a80701");
    assertThat(subnet.options()).containsKeys(114, 43, Code.ROUTERS);
  }

  @Test
  void routers_and_servers_are_not_given_to_clients() {
    var pool =
        parse(
                """
                subnets:
                  - subnet: 192.168.7.0/24
                    pools: [192.168.7.1-192.168.7.9]
                    routers: 192.168.7.1
                    dns: [192.168.7.2, 9.9.9.9]
                    ntp: 192.168.7.3
                """)
            .plan()
            .all()
            .getFirst()
            .pools()
            .getFirst()
            .pool();
    assertThat(pool.size()).isEqualTo(6);
    assertThat(pool.contains(Ip4.parse("192.168.7.2"))).isFalse();
  }

  @Test
  void a_wrong_option_is_named_with_its_own_line() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    subnets:
                      - subnet: 192.168.7.0/24
                        options:
                          ntp: 192.168.7.1
                          default-ttl: 0
                    """))
        .hasMessageContaining("dhcp.yaml:5:")
        .hasMessageContaining("subnets[0].options.default-ttl")
        .hasMessageContaining("goes from 1 to 255, not 0");
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "classes: [{name: x, when: {}}]                           | 1 | expected something that must hold",
        "classes: [{name: x, when: {mak: aa}}]                    | 1 | did you mean \"mac\"?",
        "classes: [{name: x, when: {option: {name: sntp}}}]       | 1 | is no option",
        "classes: [{name: x, when: {mac: 'xx'}}]                  | 1 | is not a string of hexadecimal bytes",
        "subnets: [{subnet: 10.0.0.0/24, pools: [{range: 10.0.0.5, classes: x}]}] | 1 | which is none of []",
        "subnets: [{subnet: 10.0.0.0/24, reservations: [{address: 10.0.0.5}]}] | 1 | needs a mac, a client-id",
        "conflict-check: 2s                                       | 1 | expected 0s to 500ms",
        "subnets: [{subnet: 10.0.0.0/24, pool: 10.0.0.5}]         | 1 | did you mean \"pools\"?",
        "subnets: [{subnet: 10.0.0.1/24}]                         | 1 | has host bits set; write 10.0.0.0/24",
        "subnets: [{subnet: 10.0.0.0/24, pools: 10.0.1.5}]        | 1 | 10.0.1.5 does not lie in 10.0.0.0/24",
        "subnets: [{subnet: 10.0.0.0/24, dns: 127.0.0.1}]         | 1 | means the client itself",
        "subnets: [{subnet: 10.0.0.0/24, lease: 1h, t1: 2h}]      | 1 | times must grow",
        "subnets: [{subnet: 10.0.0.0/24, options: {51: '1'}}]     | 1 | is the server's own",
        "subnets: [{subnet: 10.0.0.0/24, options: {mtu: x}}]      | 1 | is not a number",
        "subnets: [{subnet: 10.0.0.0/24, nic: eth1}]              | 1 | which is not in interfaces",
        "subnets: [{subnet: 10.0.0.0/24}, {subnet: 10.0.0.0/16}]  | 1 | overlap",
        "offer-hold: 1h                                           | 1 | expected 1s to 10m",
        "authoritativ: yes                                        | 1 | did you mean \"authoritative\"?",
        "dns: {server: '127.0.0.1:53', secret: '!'}               | 1 | expected base64"
      })
  void a_fault_is_named_with_line_and_advice(String yaml, int line, String advice) {
    assertThatThrownBy(() -> parse(yaml.strip()))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.problems().getFirst().line()).isEqualTo(line))
        .hasMessageContaining(advice);
  }

  @Test
  void a_device_is_reserved_once() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    subnets:
                      - subnet: 10.0.0.0/24
                        reservations:
                          - {address: 10.0.0.5, mac: "02:00:00:00:00:01"}
                          - {address: 10.0.0.6, mac: "02:00:00:00:00:01"}
                    """))
        .hasMessageContaining("reserved twice");
  }
}
