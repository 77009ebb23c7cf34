package dev.islet.core.trace;

import dev.islet.core.config.HostPort;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON (RFC 8259): records by their components, maps, collections, numbers,
 * addresses as text, durations in seconds, bytes as hex. There is no reader: nothing in Islet takes
 * JSON in.
 */
public final class Json {
  /** Value types such as a prefix or a MAC address print themselves; plain records do not. */
  private static final ClassValue<Boolean> OWN_TEXT =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return declaresParse(type);
        }
      };

  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          var components = type.getRecordComponents();
          for (var component : components) {
            component.getAccessor().setAccessible(true);
          }
          return components;
        }
      };

  private final StringBuilder out = new StringBuilder(256);

  private Json() {}

  /** The value as one line of JSON. */
  public static String write(@Nullable Object value) {
    var json = new Json();
    json.value(value);
    return json.out.toString();
  }

  /** An event; with its packet, the event's own components stand apart, under {@code fields}. */
  static String event(TraceRecord record, boolean withPacket) {
    var json = new Json();
    json.out.append("{\"seq\":").append(record.sequence()).append(",\"at\":");
    json.text(record.at().toString());
    json.out.append(",\"service\":");
    json.text(record.service());
    json.out.append(",\"event\":");
    json.text(record.event().getClass().getSimpleName());
    json.out.append(",\"note\":");
    json.text(record.event().note());
    if (withPacket) {
      json.out.append(",\"fields\":{");
      if (record.event() instanceof Record fields) {
        json.components(fields, false);
      }
      json.out.append("},\"packet\":");
      json.value(record.event().packet());
    } else if (record.event() instanceof Record fields) {
      json.components(fields, true);
    }
    json.out.append('}');
    return json.out.toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case String s -> text(s);
      case Boolean b -> out.append(b.booleanValue());
      case Double d when !Double.isFinite(d) -> out.append("null");
      case Float f when !Float.isFinite(f) -> out.append("null");
      case Number n -> out.append(n);
      case Optional<?> o -> value(o.orElse(null));
      case Duration d -> out.append(d.toMillis() / 1000.0);
      case InetAddress a -> text(a.getHostAddress());
      case InetSocketAddress a -> text(HostPort.format(a));
      case byte[] bytes -> text(HexFormat.of().formatHex(bytes));
      case int[] many -> value(Arrays.stream(many).boxed().toList());
      case long[] many -> value(Arrays.stream(many).boxed().toList());
      case double[] many -> value(Arrays.stream(many).boxed().toList());
      case Object[] many -> value(Arrays.asList(many));
      case Map<?, ?> map -> {
        out.append('{');
        boolean first = true;
        for (var entry : map.entrySet()) {
          if (!first) {
            out.append(',');
          }
          first = false;
          text(String.valueOf(entry.getKey()));
          out.append(':');
          value(entry.getValue());
        }
        out.append('}');
      }
      case Iterable<?> many when !(value instanceof java.nio.file.Path) -> {
        out.append('[');
        boolean first = true;
        for (var each : many) {
          if (!first) {
            out.append(',');
          }
          first = false;
          value(each);
        }
        out.append(']');
      }
      case Enum<?> e -> text(e.name());
      case Record record when !OWN_TEXT.get(record.getClass()) -> {
        out.append('{');
        components(record, false);
        out.append('}');
      }
      default -> text(value.toString());
    }
  }

  private static boolean declaresParse(Class<?> type) {
    try {
      return type.getMethod("parse", String.class).getReturnType() == type;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private void components(Record record, boolean continued) {
    boolean first = !continued;
    for (RecordComponent component : COMPONENTS.get(record.getClass())) {
      if (!first) {
        out.append(',');
      }
      first = false;
      text(component.getName());
      out.append(':');
      value(read(record, component));
    }
  }

  private static @Nullable Object read(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("cannot read " + component + " of " + record, e);
    }
  }

  private void text(String s) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c) && !paired(s, i)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean paired(String s, int i) {
    return Character.isHighSurrogate(s.charAt(i))
        ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
  }
}
