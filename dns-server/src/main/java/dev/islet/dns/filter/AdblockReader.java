package dev.islet.dns.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rules as ad blockers write them, as far as they are about names: {@code ||name^} for a name and
 * all below, {@code ||*.name^} for those below, {@code |name^} and a bare {@code name} for it
 * alone; {@code @@} before it for an exception. Of modifiers {@code important}, {@code badfilter}
 * (within a list), {@code denyallow}, {@code client} and {@code dnstype}; a rule with another one
 * is not taken, since it would block more than was meant. Lines of hosts files are taken as well.
 */
final class AdblockReader implements ListReader {
  private static final int BOTH = DomainSet.SELF | DomainSet.BELOW;

  private final Set<String> disabled;
  private final HostsReader hosts = new HostsReader();
  private final DomainText text = new DomainText();

  /**
   * @param disabled rules that are switched off, see {@link #disabledBy}
   */
  AdblockReader(Set<String> disabled) {
    this.disabled = disabled;
  }

  /** The rule that a line with {@code badfilter} switches off, in one order; empty if none. */
  static String disabledBy(String line) {
    var parts = Parts.of(line.strip());
    return parts.modifiers().contains("badfilter") ? parts.canonical() : "";
  }

  private record Parts(boolean exception, String pattern, List<String> modifiers) {
    static Parts of(String line) {
      boolean exception = line.startsWith("@@");
      var rest = exception ? line.substring(2) : line;
      int dollar = rest.lastIndexOf('$');
      if (dollar < 0) {
        return new Parts(exception, rest, List.of());
      }
      return new Parts(
          exception, rest.substring(0, dollar), List.of(rest.substring(dollar + 1).split(",")));
    }

    String canonical() {
      var sorted = new TreeSet<>(modifiers);
      sorted.remove("badfilter");
      return (exception ? "@@" : "") + pattern + "$" + String.join(",", sorted);
    }
  }

  @Override
  public void line(int number, String raw, ListSink out) {
    var line = raw.strip();
    if (line.isEmpty() || line.charAt(0) == '!' || line.charAt(0) == '[') {
      return;
    }
    if (line.contains("##") || line.contains("#@#") || line.contains("#?#")) {
      out.skip(number, "about pages, not names");
      return;
    }
    if (line.charAt(0) == '#') {
      return;
    }
    if (Character.digit(line.charAt(0), 16) >= 0 && line.matches("[0-9a-fA-F:.]+\\s.*")) {
      hosts.line(number, line, out);
      return;
    }
    if (line.charAt(0) == '/' || line.startsWith("@@/")) {
      out.skip(number, "a regular expression or path");
      return;
    }
    var parts = Parts.of(line);
    if (parts.modifiers().contains("badfilter")) {
      return;
    }
    if (!disabled.isEmpty() && disabled.contains(parts.canonical())) {
      return;
    }
    rule(number, parts, out);
  }

  private void rule(int number, Parts parts, ListSink out) {
    boolean important = false;
    var conditions = new ArrayList<String>();
    for (var modifier : parts.modifiers()) {
      int equals = modifier.indexOf('=');
      var name = equals < 0 ? modifier : modifier.substring(0, equals);
      switch (name) {
        case "important" -> important = true;
        case "denyallow", "client", "dnstype" -> {
          if (equals < 0 || Condition.parse(modifier).isEmpty()) {
            out.skip(number, "modifier " + name + " that cannot be read");
            return;
          }
          conditions.add(modifier);
        }
        default -> {
          boolean word = name.matches("[a-z-]{1,20}");
          out.skip(number, word ? "modifier " + name : "an unknown modifier");
          return;
        }
      }
    }
    int scope = name(parts.pattern());
    if (scope == 0) {
      out.skip(number, "a pattern that is no name");
      return;
    }
    var verb =
        parts.exception()
            ? important ? Verb.ALLOW_IMPORTANT : Verb.ALLOW
            : important ? Verb.BLOCK_IMPORTANT : Verb.BLOCK;
    out.rule(number, text.wire, scope, verb, String.join(",", conditions));
  }

  /** Takes the name of a pattern; its scope, or 0 if it is none. */
  private int name(String pattern) {
    int end = pattern.length();
    if (pattern.endsWith("^|")) {
      end -= 2;
    } else if (pattern.endsWith("^")) {
      end -= 1;
    } else if (pattern.startsWith("|")) {
      return 0; // without an end it would mean name.other as well
    }
    if (pattern.startsWith("||*.")) {
      return text.take(pattern, 4, end) ? DomainSet.BELOW : 0;
    }
    if (pattern.startsWith("||")) {
      return text.take(pattern, 2, end) && !text.isAddress() ? BOTH : 0;
    }
    boolean anchored = pattern.startsWith("|");
    if (!anchored && end != pattern.length()) {
      return 0; // the end of any name
    }
    boolean whole = text.take(pattern, anchored ? 1 : 0, end) && text.labels() > 1;
    return whole && !text.isAddress() ? DomainSet.SELF : 0;
  }
}
