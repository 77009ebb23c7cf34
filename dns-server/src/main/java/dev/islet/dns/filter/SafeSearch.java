package dev.islet.dns.filter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.xbill.DNS.Name;

/** Search engines and the names by which they answer safely, from {@code safe-search.txt}. */
final class SafeSearch {
  private static final SafeSearch ALL = read();

  private final Map<Name, Name> targets;

  /** The same names, so that the fast way can ask for bytes. */
  private final BlockList names;

  private SafeSearch(Map<Name, Name> targets) {
    this.targets = Map.copyOf(targets);
    var builder = new SetBuilder();
    for (var name : targets.keySet()) {
      builder.add(name.toWireCanonical(), DomainSet.SELF, Verb.DATA, "");
    }
    this.names = new BlockList("safe search", builder.build(), 0);
  }

  static SafeSearch all() {
    return ALL;
  }

  Optional<Name> target(Name name) {
    return Optional.ofNullable(targets.get(name));
  }

  BlockList names() {
    return names;
  }

  private static SafeSearch read() {
    var file = SafeSearch.class.getResourceAsStream("safe-search.txt");
    var targets = new HashMap<Name, Name>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.US_ASCII))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          var words = line.split(" ");
          targets.put(Name.fromString(words[0], Name.root), Name.fromString(words[1], Name.root));
        }
      }
      return new SafeSearch(targets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
