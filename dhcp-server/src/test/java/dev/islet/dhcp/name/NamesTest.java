package dev.islet.dhcp.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Octets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private final HostNames names = new HostNames(List.of("pi"));

  @ParameterizedTest
  @CsvSource({
    "laptop, laptop",
    "Anna's iPhone, annas-iphone",
    "LIVING_ROOM tv, living-room-tv",
    "nas.example.com, nas",
    "a-, a",
    "x1, x1"
  })
  void what_devices_call_themselves_becomes_a_label(String wish, String label) {
    assertThat(names.label(wish)).contains(label);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "localhost",
        "WPAD",
        "wpad.home.arpa",
        "isatap",
        "router",
        "pi",
        "12345",
        "a\"b",
        "a\\b",
        "*",
        "naïve",
        ".hidden",
        "_tcp",
        "a\0b",
        "<script>"
      })
  void hostile_and_useless_names_are_refused(String wish) {
    assertThat(names.label(wish)).isEmpty();
  }

  @Test
  void a_label_has_at_most_63_characters() {
    assertThat(names.label("a".repeat(300)).orElseThrow()).hasSize(63);
  }

  /** The examples of RFC 4701 section 3.6. */
  @Test
  void the_owner_of_a_name_is_that_of_the_standard() {
    var id = new ClientKey(ClientKey.Kind.CLIENT_ID, Octets.parse("01:07:08:09:0a:0b:0c"));
    assertThat(base64(id, "chi.example.com"))
        .isEqualTo("AAEBOSD+XR3Os/0LozeXVqcNc7FwCfQdWL3b/NaiUDlW2No=");
    var duid =
        new ClientKey(
            ClientKey.Kind.CLIENT_ID,
            Octets.parse("ff:00:00:00:01:00:01:00:06:41:2d:f1:66:01:02:03:04:05:06"));
    assertThat(base64(duid, "chi6.example.com"))
        .isEqualTo("AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=");
    var mac = ClientKey.of(HardwareAddress.parse("01:02:03:04:05:06"));
    assertThat(base64(mac, "Client.Example.com"))
        .isEqualTo("AAABxLmlskllE0MVjd57zHcWmEH3pCQ6VytcKD//7es/deY=");
  }

  private static String base64(ClientKey client, String name) {
    return Base64.getEncoder().encodeToString(Dhcid.of(client, name).toBytes());
  }
}
