package dev.islet.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
  @Test
  void aMacAddressReadsAndWritesBothWays() {
    var mac = MacAddress.parse("B8-27-eb:00:00:01");
    assertThat(mac).hasToString("b8:27:eb:00:00:01");
    assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
    assertThat(mac.toBytes()).containsExactly(0xB8, 0x27, 0xEB, 0, 0, 1);
    assertThat(MacAddress.of(new byte[] {9, (byte) 0xB8, 0x27, (byte) 0xEB, 0, 0, 1}, 1))
        .isEqualTo(mac);
    assertThat(MacAddress.BROADCAST).hasToString("ff:ff:ff:ff:ff:ff");
    var random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      var any = new MacAddress(random.nextLong() >>> 16);
      assertThat(MacAddress.parse(any.toString())).isEqualTo(any);
      assertThat(MacAddress.of(any.toBytes(), 0)).isEqualTo(any);
    }
    assertThatThrownBy(() -> new MacAddress(1L << 48)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "b8:27:eb:00:00", "b8:27:eb:00:00:0g", "b827eb000001", "b8:27:eb:00:00:01:"})
  void anythingElseIsNoMacAddress(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("b8:27:eb:00:00:01");
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.7.0/24,192.168.7.255,192.168.8.0",
    "10.0.0.0/8,10.255.0.1,11.0.0.0",
    "192.168.7.128/25,192.168.7.128,192.168.7.127",
    "10.1.2.3/32,10.1.2.3,10.1.2.2",
    "2001:db8::/32,2001:db8:ffff::1,2001:db9::",
    "fe80::/10,febf::1,fec0::1",
    "0.0.0.0/0,255.1.2.3,::1",
    "::/0,1::,1.2.3.4"
  })
  void aPrefixContainsItsAddresses(String text, String in, String out) throws Exception {
    var prefix = Prefix.parse(text);
    assertThat(prefix.contains(InetAddress.getByName(in))).isTrue();
    assertThat(prefix.contains(InetAddress.getByName(out))).isFalse();
    assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
    assertThat(Prefix.of(InetAddress.getByName(in), prefix.length())).isEqualTo(prefix);
    assertThat(prefix.isIpv4()).isEqualTo(!text.contains(":"));
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.7.1/24,write 192.168.7.0/24",
    "192.168.7.0,not a network",
    "192.168.7.0/,not a network",
    "192.168.7.0/33,from /0 to /32",
    "192.168.7.0/-1,from /0 to /32",
    "::/129,from /0 to /128",
    "10/8,not a network",
    "256.0.0.0/8,not a network",
    "nas.home.arpa/24,not a network",
    "bad.cafe/24,not a network"
  })
  void afaultyPrefixSaysWhatIsWrong(String text, String why) {
    assertThatThrownBy(() -> Prefix.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aNicKeepsItsOwnListAndKnowsItsNetworks() throws Exception {
    var addresses =
        new ArrayList<>(List.of(new Nic.NicAddress(InetAddress.getByName("192.168.7.1"), 24)));
    var nic = new Nic(2, "eth0", new MacAddress(1), 1500, true, addresses);
    addresses.clear();
    assertThat(nic.addresses()).hasSize(1);
    assertThat(nic.addresses().getFirst().prefix()).hasToString("192.168.7.0/24");
  }

  @Test
  void theInternetChecksumIsThatOfRfc1071() {
    byte[] example = {0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
    assertThat(IpPackets.checksum(example, 0, 8)).isEqualTo(~0xDDF2 & 0xFFFF);
    assertThat(IpPackets.checksum(new byte[] {1}, 0, 1)).isEqualTo(~0x0100 & 0xFFFF);
  }
}
