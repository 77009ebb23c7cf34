package dev.islet.monitor.wire;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a service's trace, as the page wants it: the fields apart from the packet, and the
 * client that it is about.
 *
 * @param time epoch milliseconds
 * @param kind of event
 * @param note the service's sentence
 * @param client address or MAC
 */
public record TraceLine(
    String service,
    long time,
    String kind,
    String note,
    Map<String, @Nullable Object> fields,
    @Nullable Bytes packet,
    @Nullable String client) {
  /** Bytes of a packet in hexadecimal digits, and between whom. */
  public record Bytes(String hex, String from, String to, String transport) {}

  private static final List<String> CLIENT = List.of("client", "remote");
  private static final List<String> BYTES = List.of("message", "head", "seen", "packet");

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is no event
   */
  public static TraceLine of(String json) {
    var all = JsonReader.object(JsonReader.read(json));
    long time;
    try {
      time = Instant.parse(String.valueOf(all.get("at"))).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("an event without a time", e);
    }
    var finder = new Finder();
    var fields = new LinkedHashMap<String, @Nullable Object>();
    JsonReader.object(all.get("fields"))
        .forEach(
            (key, value) -> {
              var rest = finder.without(key, value);
              if (rest != null) {
                fields.put(key, rest);
              }
            });
    var bytes = bytes(JsonReader.object(all.get("packet")));
    var client = finder.client == null && bytes != null ? bytes.from() : finder.client;
    return new TraceLine(
        String.valueOf(all.get("service")),
        time,
        String.valueOf(all.get("event")),
        String.valueOf(all.getOrDefault("note", "")),
        fields,
        bytes,
        client == null ? null : device(client));
  }

  /** Takes bytes out of fields of whatever depth, and finds the client. */
  private static final class Finder {
    private @Nullable String client;

    @Nullable Object without(String key, @Nullable Object value) {
      if (!(value instanceof Map<?, ?>)) {
        var text = value == null ? "" : value.toString();
        if (client == null && CLIENT.contains(key) && !text.isEmpty()) {
          client = text;
        }
        return BYTES.contains(key) ? null : value;
      }
      var map = JsonReader.object(value);
      if (map.containsKey("payload") && map.containsKey("transport")) {
        return null;
      }
      if (CLIENT.contains(key) && map.get("address") instanceof String address) {
        client = address; // a hardware address with its type
      }
      var rest = new LinkedHashMap<String, @Nullable Object>();
      map.forEach(
          (inner, of) -> {
            var left = without(inner, of);
            if (left != null) {
              rest.put(inner, left);
            }
          });
      return rest.isEmpty() ? null : rest;
    }
  }

  private static @Nullable Bytes bytes(Map<String, @Nullable Object> packet) {
    return packet.isEmpty()
        ? null
        : new Bytes(
            String.valueOf(packet.get("payload")),
            String.valueOf(packet.get("source")),
            String.valueOf(packet.get("destination")),
            String.valueOf(packet.get("transport")).toLowerCase(Locale.ROOT));
  }

  /** Without the port: an address stands for a device. */
  private static String device(String address) {
    return address
        .replaceFirst("^\\[(.*)]:\\d+$", "$1")
        .replaceFirst("^(\\d+\\.\\d+\\.\\d+\\.\\d+):\\d+$", "$1");
  }
}
