package dev.islet.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
  enum Colour {
    RED
  }

  record Granted(MacAddress mac, InetAddress ip, Duration time) implements TraceEvent {
    @Override
    public String note() {
      return "gave \"it\"";
    }
  }

  record Point(int x, Optional<String> name) {}

  @Test
  void valuesOfEveryKind() throws Exception {
    var map = new LinkedHashMap<String, Object>();
    map.put("null", null);
    map.put("text", "a\"b\\c\n\t\u0001é😀");
    map.put("lone", "\uD83D");
    map.put("yes", true);
    map.put("int", 5);
    map.put("double", 1.5);
    map.put("nan", Double.NaN);
    map.put("empty", Optional.empty());
    map.put("point", new Point(1, Optional.of("p")));
    map.put("list", Arrays.asList(1, null, "x"));
    map.put("array", new int[] {1, 2});
    map.put("strings", new String[] {"a"});
    map.put("duration", Duration.ofMillis(1500));
    map.put("bytes", new byte[] {1, (byte) 0xFF});
    map.put("ip", InetAddress.getByName("10.0.0.1"));
    map.put("four", new InetSocketAddress("10.0.0.1", 5));
    map.put("six", new InetSocketAddress(InetAddress.getByName("::1"), 5));
    map.put("mac", MacAddress.parse("b8:27:eb:00:00:01"));
    map.put("prefix", Prefix.parse("10.0.0.0/8"));
    map.put("enum", Colour.RED);
    map.put("path", Path.of("/a/b"));
    map.put("instant", Instant.EPOCH);
    assertThat(Json.write(map))
        .isEqualTo(
            "{\"null\":null,\"text\":\"a\\\"b\\\\c\\n\\t\\u0001é😀\",\"lone\":\"\\ud83d\","
                + "\"yes\":true,\"int\":5,\"double\":1.5,\"nan\":null,\"empty\":null,"
                + "\"point\":{\"x\":1,\"name\":\"p\"},\"list\":[1,null,\"x\"],\"array\":[1,2],"
                + "\"strings\":[\"a\"],\"duration\":1.5,\"bytes\":\"01ff\",\"ip\":\"10.0.0.1\","
                + "\"four\":\"10.0.0.1:5\",\"six\":\"[0:0:0:0:0:0:0:1]:5\","
                + "\"mac\":\"b8:27:eb:00:00:01\",\"prefix\":\"10.0.0.0/8\",\"enum\":\"RED\","
                + "\"path\":\"/a/b\",\"instant\":\"1970-01-01T00:00:00Z\"}");
  }

  @Test
  void anEventIsOneLine() throws Exception {
    var event =
        new Granted(
            MacAddress.parse("b8:27:eb:00:00:01"),
            InetAddress.getByName("192.168.7.10"),
            Duration.ofHours(8));
    assertThat(new TraceRecord(3, Instant.EPOCH, "dhcp", event).toJson())
        .isEqualTo(
            "{\"seq\":3,\"at\":\"1970-01-01T00:00:00Z\",\"service\":\"dhcp\",\"event\":\"Granted\","
                + "\"note\":\"gave \\\"it\\\"\",\"mac\":\"b8:27:eb:00:00:01\","
                + "\"ip\":\"192.168.7.10\",\"time\":28800.0}");
  }

  @Test
  void emptyOnes() {
    assertThat(Json.write(Map.of())).isEqualTo("{}");
    assertThat(Json.write(List.of())).isEqualTo("[]");
    assertThat(Json.write(null)).isEqualTo("null");
  }
}
