package dev.islet.dns.filter;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads a list line by line. A line that cannot be used is counted by reason; none is a fault. */
public interface ListReader {
  /** Longer lines are no rules. */
  int MAX_LINE = 8_192;

  /** So many lines are looked at to tell the form of a list. */
  int GUESS = 200;

  /** Lines that switch others off are few. */
  int MAX_DISABLED = 10_000;

  /** Takes the next line. */
  void line(int number, String text, ListSink out);

  /** Opens a list anew; it may be read more than once. */
  @FunctionalInterface
  interface Source {
    BufferedReader open() throws IOException;
  }

  /** Reads a whole list. */
  static void read(Source source, Optional<ListFormat> given, ListSink out) throws IOException {
    var reader = reader(source, given);
    try (var lines = source.open()) {
      int number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.length() > MAX_LINE) {
          out.skip(number, "too long");
        } else {
          reader.line(number, line, out);
        }
      }
    }
  }

  private static ListReader reader(Source source, Optional<ListFormat> given) throws IOException {
    var first = new ArrayList<String>();
    try (var lines = source.open()) {
      while (first.size() < GUESS && lines.readLine() instanceof String line) {
        first.add(line);
      }
    }
    return switch (ListFormat.of(given, first)) {
      case HOSTS -> new HostsReader();
      case DOMAINS -> new DomainsReader();
      case ADBLOCK -> new AdblockReader(disabled(source));
      case RPZ -> new RpzReader();
    };
  }

  /** The rules that {@code $badfilter} lines of the same list switch off. */
  private static Set<String> disabled(Source source) throws IOException {
    var disabled = new HashSet<String>();
    try (var lines = source.open()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("badfilter") && disabled.size() < MAX_DISABLED) {
          disabled.add(AdblockReader.disabledBy(line));
        }
      }
    }
    disabled.remove("");
    return disabled;
  }
}
