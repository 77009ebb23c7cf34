package dev.islet.monitor.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.islet.core.trace.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceLineTest {
  @Test
  void the_packet_and_the_client_stand_apart_from_the_fields() {
    var line =
        TraceLine.of(
            """
            {"seq":1,"at":"2025-11-24T16:00:00Z","service":"dhcp","event":"Received","note":"n",
             "fields":{"type":"DISCOVER","client":{"type":1,"address":"b8:27:eb:00:00:01"},
              "bytes":{"transport":"UDP","source":"0.0.0.0:68","destination":"255.255.255.255:67","payload":"0102"}},
             "packet":{"transport":"UDP","source":"0.0.0.0:68","destination":"255.255.255.255:67","payload":"0102"}}
            """);
    assertThat(line.kind()).isEqualTo("Received");
    assertThat(line.client()).isEqualTo("b8:27:eb:00:00:01");
    assertThat(line.fields())
        .isEqualTo(
            Map.of(
                "type", "DISCOVER", "client", Map.of("type", 1L, "address", "b8:27:eb:00:00:01")));
    assertThat(Json.write(line))
        .contains(
            "\"packet\":{\"hex\":\"0102\",\"from\":\"0.0.0.0:68\",\"to\":\"255.255.255.255:67\",\"transport\":\"udp\"}",
            "\"time\":1764000000000");
  }

  @Test
  void a_client_is_a_device_and_not_a_port() {
    for (var address : new String[] {"192.168.7.9:5353", "192.168.7.9"}) {
      var line =
          TraceLine.of(
              "{\"at\":\"2025-11-24T16:00:00Z\",\"service\":\"ftp\",\"event\":\"Connected\",\"note\":\"\",\"fields\":{\"peer\":{\"remote\":\""
                  + address
                  + "\"}},\"packet\":null}");
      assertThat(line.client()).isEqualTo("192.168.7.9");
      assertThat(line.packet()).isNull();
    }
  }

  @Test
  void what_is_no_event_is_told() {
    assertThatIllegalArgumentException().isThrownBy(() -> TraceLine.of("{\"at\":1}"));
    assertThatIllegalArgumentException().isThrownBy(() -> TraceLine.of("<html>"));
  }
}
