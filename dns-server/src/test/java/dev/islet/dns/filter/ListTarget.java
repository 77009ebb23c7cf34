package dev.islet.dns.filter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * Any text as a filter list, the first byte says of which form: every line is a rule about a name
 * that exists, or is counted, and each rule is found again in the compiled list.
 */
public final class ListTarget {
  private ListTarget() {}

  private record Rule(byte[] wire) {}

  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    var formats = ListFormat.values();
    int choice = (bytes[0] & 0xFF) % (formats.length + 1);
    var format =
        choice == formats.length ? Optional.<ListFormat>empty() : Optional.of(formats[choice]);
    var text = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
    var rules = new ArrayList<Rule>();
    var builder = new SetBuilder();
    ListReader.read(
        () -> new BufferedReader(new StringReader(text)),
        format,
        new ListSink() {
          @Override
          public void rule(int line, byte[] wire, int scope, Verb verb, String condition) {
            rules.add(new Rule(wire.clone()));
            builder.add(wire, scope, verb, condition);
          }

          @Override
          public void skip(int line, String reason) {
            builder.skip(reason);
          }
        });
    var set = builder.build();
    if (set.entries() > rules.size()) {
      throw new AssertionError(set.entries() + " entries of " + rules.size() + " rules");
    }
    for (var rule : rules) {
      check(rule, set);
    }
  }

  private static void check(Rule rule, DomainSet set) throws IOException {
    var name = new Name(rule.wire());
    var wire = name.toWire();
    if (!Arrays.equals(wire, Arrays.copyOf(rule.wire(), wire.length))) {
      throw new AssertionError("a rule about no name: " + Arrays.toString(rule.wire()));
    }
    var key = NameKey.of(name);
    if (set.find(key, 0, -1) < 0) {
      throw new AssertionError("the rule about " + name + " is not found");
    }
  }
}
