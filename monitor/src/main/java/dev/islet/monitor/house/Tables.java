package dev.islet.monitor.house;

import static dev.islet.monitor.wire.JsonReader.list;
import static dev.islet.monitor.wire.JsonReader.object;

import dev.islet.monitor.house.Table.Column;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of the page, each from the state of one service. */
public enum Tables {
  LEASES(
      "dhcp",
      List.of(
          text("address", "Address"),
          text("mac", "MAC"),
          text("name", "Name"),
          text("state", "State"),
          new Column("expires", "Expires", "time"))) {
    @Override
    public List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state) {
      var rows = new ArrayList<Map<String, @Nullable Object>>();
      for (var key : List.of("leases", "leases6")) {
        for (var each : list(state.get(key))) {
          var lease = object(each);
          rows.add(
              Table.row(
                  "address", lease.get("address"),
                  "mac", mac(lease.get("client")),
                  "name", lease.get("name"),
                  "state", lease.get("state"),
                  "expires", millis(lease.get("until"))));
        }
      }
      return rows;
    }
  },
  QUERIES(
      "dns",
      List.of(
          new Column("time", "Time", "time"),
          text("client", "Client"),
          text("name", "Name"),
          text("type", "Type"),
          text("rcode", "Answer"),
          text("source", "From"))) {
    @Override
    public List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state) {
      return List.of(); // no state tells them: they are heard from the trace
    }
  },
  SESSIONS(
      "ftp",
      List.of(
          text("user", "User"),
          text("address", "Address"),
          text("tls", "TLS"),
          text("command", "Command"),
          text("transfer", "Transfer"),
          new Column("bytes", "Bytes", "number"))) {
    @Override
    public List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state) {
      var rows = new ArrayList<Map<String, @Nullable Object>>();
      for (var each : list(state.get("sessions"))) {
        var session = object(each);
        rows.add(
            Table.row(
                "user", session.get("user"),
                "address", session.get("address"),
                "tls", session.get("tls"),
                "command", session.get("command"),
                "transfer", session.get("transfer"),
                "bytes", session.get("bytes")));
      }
      return rows;
    }
  },
  CALLS(
      "voip",
      List.of(
          text("from", "From"),
          text("to", "To"),
          text("state", "State"),
          new Column("begun", "Begun", "time"),
          new Column("talked", "Talked", "duration"),
          new Column("jitter", "Jitter, ms", "number"),
          new Column("loss", "Loss, %", "number"),
          new Column("mos", "MOS", "number"))) {
    @Override
    public List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state) {
      return Calls.rows(state);
    }
  },
  ROUTES(
      "router",
      List.of(
          text("prefix", "Network"),
          text("via", "Via"),
          text("origin", "From"),
          new Column("metric", "Metric", "number"),
          text("best", "Best"),
          text("why", "Why"))) {
    @Override
    public List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state) {
      var rows = new ArrayList<Map<String, @Nullable Object>>();
      for (var each : list(state.get("rib"))) {
        var route = object(each);
        rows.add(
            Table.row(
                "prefix", route.get("prefix"),
                "via", route.get("via"),
                "origin", route.get("origin"),
                "metric", route.get("metric"),
                "best", Boolean.TRUE.equals(route.get("best")) ? "yes" : "",
                "why", route.get("why")));
      }
      return rows;
    }
  };

  private final String service;
  private final List<Column> columns;

  Tables(String service, List<Column> columns) {
    this.service = service;
    this.columns = columns;
  }

  /** The rows that a service's state tells. */
  public abstract List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state);

  /** Whose state it is. */
  public String service() {
    return service;
  }

  /** Its columns. */
  public List<Column> columns() {
    return columns;
  }

  /** The table of that name, in small letters. */
  public static Optional<Tables> of(String name) {
    for (var table : values()) {
      if (table.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
        return Optional.of(table);
      }
    }
    return Optional.empty();
  }

  private static Column text(String key, String label) {
    return new Column(key, label, "text");
  }

  /** A hardware address with its type in front, where it is not Ethernet's, as text. */
  private static @Nullable Object mac(@Nullable Object client) {
    return client instanceof Map<?, ?> parts && parts.get("address") != null
        ? parts.get("address")
        : client;
  }

  static @Nullable Long millis(@Nullable Object instant) {
    try {
      return instant == null
          ? null
          : Long.valueOf(Instant.parse(instant.toString()).toEpochMilli());
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
