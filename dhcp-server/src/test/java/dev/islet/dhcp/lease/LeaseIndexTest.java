package dev.islet.dhcp.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Leases are found by what they hold, as in a map of the JDK, and give back what they were told.
 */
final class LeaseIndexTest {
  private static ClientKey key(Random random) {
    var bytes = new byte[1 + random.nextInt(3)];
    random.nextBytes(bytes);
    return switch (random.nextInt(3)) {
      case 0 -> new ClientKey(ClientKey.Kind.CLIENT_ID, Octets.of(bytes));
      case 1 -> new ClientKey(ClientKey.Kind.CIRCUIT, Octets.of(bytes));
      default -> ClientKey.of(new HardwareAddress(1, Octets.of(bytes)));
    };
  }

  @Test
  void anIndexHoldsWhatAMapHolds() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var index = LeaseIndex.byOwner();
      var map = new HashMap<ClientKey, Lease>();
      for (int i = 0; i < 5_000; i++) {
        var key = key(random);
        if (random.nextInt(3) == 0 && map.containsKey(key)) {
          var other = new Lease(Ip4.NONE, new HardwareAddress(1, Octets.EMPTY), 0);
          other.who(key, new HardwareAddress(1, Octets.EMPTY));
          index.remove(key, other); // another lease of the same client stays
          index.remove(key, map.remove(key));
        } else {
          var lease = new Lease(new Ip4(i), new HardwareAddress(1, Octets.EMPTY), 0);
          lease.who(key, new HardwareAddress(1, Octets.of((byte) i)));
          index.put(key, lease);
          map.put(key, lease);
        }
        var asked = key(random);
        assertThat(index.get(asked)).isSameAs(map.get(asked));
      }
      assertThat(index.all()).hasSize(map.size());
      map.forEach((key, lease) -> assertThat(index.get(key)).isSameAs(lease));
    }
  }

  @Test
  void aLeaseGivesBackWhatItWasTold() {
    var mac = HardwareAddress.parse("b8:27:eb:00:00:01");
    var infiniband = new HardwareAddress(32, Octets.of(new byte[16]));
    for (var hardware : List.of(mac, infiniband, new HardwareAddress(255, Octets.EMPTY))) {
      for (var owner :
          List.of(
              ClientKey.NOBODY,
              ClientKey.of(hardware),
              ClientKey.of(HardwareAddress.parse("b8:27:eb:00:00:02")),
              new ClientKey(ClientKey.Kind.CLIENT_ID, Octets.parse("ff00")),
              new ClientKey(ClientKey.Kind.CLIENT_ID_DIGEST, Octets.of(new byte[32])))) {
        var lease = new Lease(Ip4.parse("203.0.113.200"), mac, 7);
        lease.state(LeaseState.BOUND);
        lease.who(owner, hardware);
        assertThat(lease.owner()).isEqualTo(owner);
        assertThat(lease.hardware()).isEqualTo(hardware);
        assertThat(lease.isOf(owner)).isTrue();
        assertThat(lease.isFrom(hardware)).isTrue();
        assertThat(lease.ownerHash()).isEqualTo(Lease.hash(owner));
        assertThat(lease.isOf(new ClientKey(ClientKey.Kind.CIRCUIT, owner.value()))).isFalse();
        assertThat(lease.record(9).address()).isEqualTo(Ip4.parse("203.0.113.200"));
      }
    }
  }
}
