package dev.islet.dhcp.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class OctetsTest {
  @Test
  void neighbouring_hardware_addresses_have_different_hashes() {
    var hashes = new HashSet<Integer>();
    for (int i = 0; i < 65_536; i++) {
      var mac = Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) (i >> 8), (byte) i);
      hashes.add(mac.hashCode());
      assertThat(mac).isEqualTo(Octets.of(mac.toBytes()));
    }
    assertThat(hashes).hasSizeGreaterThan(60_000);
  }
}
