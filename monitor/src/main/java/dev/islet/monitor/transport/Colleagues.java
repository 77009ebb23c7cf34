package dev.islet.monitor.transport;

import dev.islet.monitor.wire.JsonReader;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The watched services, for questions that somebody who looks at the page asks: each on a
 * connection of its own, so that it delays no figures.
 */
public final class Colleagues {
  private static final int PATIENCE_MILLIS = 3_000;
  private static final int LONGEST = 32 << 20;

  /** A state that was asked for lately is good enough for the next who looks. */
  private static final long FRESH = 1_000_000_000L;

  private final Map<String, Watch> watches = new LinkedHashMap<>();
  private final Map<String, State> states = new LinkedHashMap<>();

  private record State(long at, Map<String, @Nullable Object> value) {}

  public Colleagues(List<Watch> all) {
    all.forEach(watch -> watches.put(watch.target().name(), watch));
  }

  /** Their names. */
  public List<String> names() {
    return List.copyOf(watches.keySet());
  }

  /** The watch of one. */
  public Optional<Watch> watch(String name) {
    return Optional.ofNullable(watches.get(name));
  }

  /** A new connection to a service; the caller closes it. */
  public AdminLink open(String name) throws IOException {
    var watch = watches.get(name);
    if (watch == null) {
      throw new IOException(
          "no service " + name + " is watched; there are " + String.join(", ", watches.keySet()));
    }
    return new AdminLink(watch.target().address(), watch.token(), LONGEST);
  }

  /** Asks a service one thing. */
  public AdminLink.Answer ask(String name, String method, String path) throws IOException {
    try (var link = open(name)) {
      return link.ask(method, path, PATIENCE_MILLIS);
    } catch (SocketTimeoutException e) {
      throw new IOException(name + " does not answer", e);
    } catch (java.net.ConnectException e) {
      throw new IOException(name + " is down", e);
    }
  }

  /** What a service holds now, or held a moment ago. */
  public Map<String, @Nullable Object> state(String name) throws IOException {
    synchronized (states) {
      var known = states.get(name);
      if (known != null && System.nanoTime() - known.at() < FRESH) {
        return known.value();
      }
    }
    var answer = ask(name, "GET", "/state");
    if (answer.status() != 200) {
      throw new IOException(name + " answers with status " + answer.status());
    }
    Map<String, @Nullable Object> value;
    try {
      value = JsonReader.object(JsonReader.read(answer.text()));
    } catch (IllegalArgumentException e) {
      throw new IOException(name + " tells its state in words that are " + e.getMessage(), e);
    }
    synchronized (states) {
      states.put(name, new State(System.nanoTime(), value));
    }
    return value;
  }
}
