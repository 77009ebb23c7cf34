package dev.islet.dhcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as the servers wrote them for three udhcpc clients, of which "tv" sent no option 61. */
class ForeignLeasesTest {
  private static final Path FOLDER = Path.of("src/test/resources/leases");

  @ParameterizedTest
  @CsvSource({"dnsmasq.leases, 63", "dhcpd.leases, 50", "kea.csv, 50"})
  void a_file_is_read(String file, int first) throws Exception {
    var leases = ForeignLeases.read(FOLDER.resolve(file));
    assertThat(leases).hasSize(3);
    for (var lease : leases) {
      int number = lease.address().bits() - Ip4.parse("10.77.0." + first).bits() + 1;
      assertThat(lease.hardware()).isEqualTo(HardwareAddress.parse("b8:27:eb:00:00:0" + number));
      assertThat(lease.name())
          .isEqualTo(
              switch (number) {
                case 1 -> "nas";
                case 2 -> "tv";
                default -> "phone";
              });
      assertThat(lease.owner())
          .isEqualTo(
              number == 2
                  ? ClientKey.of(lease.hardware())
                  : new ClientKey(
                      ClientKey.Kind.CLIENT_ID, Octets.parse("01b827eb00000" + number)));
      assertThat(lease.until())
          .isBetween(Instant.parse("2026-11-25T09:00:00Z"), Instant.parse("2026-11-25T10:00:00Z"));
      var record = lease.record(5, lease.until().minusSeconds(60), "x");
      assertThat(record.until()).isEqualTo(5 + Duration.ofMinutes(1).toNanos());
    }
  }

  @Test
  void later_entries_count_and_nonsense_is_left_out(@TempDir Path folder) throws Exception {
    var kea = folder.resolve("kea.csv");
    Files.writeString(
        kea,
        Files.readString(FOLDER.resolve("kea.csv"))
            + """
            10.77.0.50,b8:27:eb:00:00:01,,0,1795600125,1,0,0,nas,0,
            10.77.0.51,b8:27:eb:00:00:02,,43200,1795600125,1,0,0,tv,2,
            10.77.0.52,,,43200,1795600125,1,0,0,,1,
            nonsense,,,x,,,,,,,
            """);
    assertThat(ForeignLeases.read(kea))
        .singleElement()
        .satisfies(l -> assertThat(l.until()).isEqualTo(Instant.EPOCH));
    var dhcpd = folder.resolve("dhcpd.leases");
    Files.writeString(
        dhcpd,
        Files.readString(FOLDER.resolve("dhcpd.leases"))
            + """
            lease 10.77.0.50 {
              ends never;
              binding state active;
              hardware ethernet b8:27:eb:00:00:09;
            }
            lease 10.77.0.51 {
              ends 3 2026/11/25 09:48:42;
              binding state free;
              hardware ethernet b8:27:eb:00:00:02;
            }
            lease 10.77.0.52 {
              ends 3 garbage;
              hardware ethernet nonsense;
            """);
    var leases = ForeignLeases.read(dhcpd);
    assertThat(leases).hasSize(3);
    assertThat(leases.get(0).until()).isEqualTo(Instant.MAX);
    assertThat(leases.get(0).owner()).isEqualTo(ClientKey.of(leases.get(0).hardware()));
    assertThat(leases.get(1).until()).isEqualTo(Instant.EPOCH);
    assertThat(leases.get(2).name()).isEqualTo("phone");
  }
}
