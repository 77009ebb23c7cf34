package dev.islet.dns.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TTL;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A response policy zone in master file form. Taken are triggers by the name asked for, with the
 * actions NXDOMAIN ({@code CNAME .}), NODATA ({@code CNAME *.}), {@code rpz-passthru.}, {@code
 * rpz-drop.} and data. The zone's own SOA and NS are no rules; triggers by addresses and name
 * servers, and {@code $INCLUDE}, are counted.
 */
final class RpzReader implements ListReader {
  private static final Set<String> OTHER_TRIGGERS =
      Set.of("rpz-ip", "rpz-nsip", "rpz-nsdname", "rpz-client-ip");
  private static final long DEFAULT_TTL = 300;
  private static final int MAX_WORDS = 64;

  private final DomainText text = new DomainText();
  private final List<String> words = new ArrayList<>();
  private Optional<Name> zone = Optional.empty();
  private Name origin = Name.root;
  private boolean relative = true;
  private String owner = "";
  private long ttl = DEFAULT_TTL;
  private boolean ownerGiven;
  private int depth;
  private int start;

  @Override
  public void line(int number, String raw, ListSink out) {
    if (depth == 0) {
      words.clear();
      start = number;
      ownerGiven = !raw.isEmpty() && raw.charAt(0) != ' ' && raw.charAt(0) != '\t';
    }
    if (!split(raw)) {
      depth = 0;
      out.skip(number, "cannot be read");
      return;
    }
    if (depth == 0 && !words.isEmpty()) {
      try {
        statement(out);
      } catch (TextParseException | IllegalArgumentException e) {
        out.skip(start, "not a name");
      } catch (java.io.IOException e) {
        out.skip(start, "data that cannot be read");
      }
    }
  }

  /** Words of a line; quotes stay on, comments and brackets go. */
  private boolean split(String raw) {
    var word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i <= raw.length(); i++) {
      char c = i < raw.length() ? raw.charAt(i) : '\n';
      if (c == '\\' && i + 1 < raw.length()) {
        word.append(c).append(raw.charAt(++i));
      } else if (quoted && c != '\n') {
        word.append(c);
        quoted = c != '"';
      } else if (c == '"') {
        word.append(c);
        quoted = true;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || "();".indexOf(c) >= 0) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ';') {
          break;
        }
      } else {
        word.append(c);
      }
    }
    return !quoted && depth >= 0 && words.size() <= MAX_WORDS;
  }

  private void statement(ListSink out) throws java.io.IOException {
    var first = words.getFirst();
    if (first.startsWith("$")) {
      directive(first.toUpperCase(Locale.ROOT), out);
      return;
    }
    int at = 0;
    if (ownerGiven) {
      owner = first;
      at = 1;
    }
    long own = ttl;
    while (at < words.size() - 1) {
      var word = words.get(at);
      if (Character.isDigit(word.charAt(0))) {
        own = TTL.parse(word, true);
      } else if (!word.equalsIgnoreCase("IN")) {
        break;
      }
      at++;
    }
    int type = at < words.size() ? Type.value(words.get(at)) : -1;
    if (type < 0 || at + 1 >= words.size()) {
      out.skip(start, "not a record");
      return;
    }
    record(type, own, String.join(" ", words.subList(at + 1, words.size())), out);
  }

  private void directive(String word, ListSink out) throws java.io.IOException {
    if (word.equals("$TTL") && words.size() > 1) {
      ttl = TTL.parse(words.get(1), true);
    } else if (word.equals("$ORIGIN") && words.size() > 1) {
      origin = Name.fromString(words.get(1), origin);
      relative = false;
      if (zone.isEmpty()) {
        zone = Optional.of(origin);
      }
    } else {
      out.skip(start, word.equals("$INCLUDE") ? "$INCLUDE" : "an unknown directive");
    }
  }

  private void record(int type, long own, String data, ListSink out) throws java.io.IOException {
    if (type == Type.SOA || type == Type.NS) {
      if (type == Type.SOA && owner.endsWith(".") && zone.isEmpty()) {
        zone = Optional.of(Name.fromString(owner));
      }
      return;
    }
    if (type == Type.RRSIG || type == Type.DNSKEY || type == Type.NSEC || type == Type.NSEC3) {
      return;
    }
    var trigger = trigger();
    if (trigger.isEmpty()) {
      out.skip(start, "a name outside the zone");
      return;
    }
    var name = trigger.get();
    if (name.labels() > 1 && OTHER_TRIGGERS.contains(lastLabel(name))) {
      out.skip(start, "trigger " + lastLabel(name));
      return;
    }
    boolean below = name.isWild();
    var plain = (below ? new Name(name, 1) : name).toString(true);
    if (name.equals(Name.root) || !text.take(plain)) {
      out.skip(start, "not a name");
      return;
    }
    var verb = Verb.DATA;
    if (type == Type.CNAME) {
      verb =
          switch (data.toLowerCase(Locale.ROOT)) {
            case "." -> Verb.NXDOMAIN;
            case "*." -> Verb.NODATA;
            case "rpz-passthru." -> Verb.PASSTHRU;
            case "rpz-drop." -> Verb.DROP;
            default -> Verb.DATA;
          };
      if (data.equalsIgnoreCase("rpz-tcp-only.")) {
        out.skip(start, "action rpz-tcp-only");
        return;
      }
    }
    var condition = "";
    if (verb == Verb.DATA) {
      // Read once here, so that what is compiled can be read later.
      var record = Record.fromString(Name.root, type, DClass.IN, own, data, origin);
      condition = own + " " + Type.string(type) + " " + record.rdataToString();
    }
    out.rule(start, text.wire, below ? DomainSet.BELOW : DomainSet.SELF, verb, condition);
  }

  /** The owner without the zone's name at its end. */
  private Optional<Name> trigger() throws java.io.IOException {
    if (relative && !owner.endsWith(".")) {
      return Optional.of(Name.fromString(owner.equals("@") ? "." : owner, Name.root));
    }
    var whole = Name.fromString(owner, origin);
    if (zone.isEmpty()) {
      return Optional.of(whole);
    }
    if (!whole.subdomain(zone.get())) {
      return Optional.empty();
    }
    var rest = whole.relativize(zone.get());
    return Optional.of(rest.labels() == 0 ? Name.root : Name.concatenate(rest, Name.root));
  }

  private static String lastLabel(Name name) {
    return name.getLabelString(name.labels() - 2).toLowerCase(Locale.ROOT);
  }
}
