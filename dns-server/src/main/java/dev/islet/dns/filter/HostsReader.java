package dev.islet.dns.filter;

import java.util.Set;

/** Lines of a hosts file whose address is none: {@code 0.0.0.0 name name # comment}. */
final class HostsReader implements ListReader {
  private static final Set<String> NOWHERE =
      Set.of("0.0.0.0", "127.0.0.1", "127.0.1.1", "::", "::1", "0", "0:0:0:0:0:0:0:0");

  private final DomainText text = new DomainText();

  @Override
  public void line(int number, String raw, ListSink out) {
    var line = DomainText.withoutComment(raw);
    if (line.isEmpty()) {
      return;
    }
    var words = line.split("\\s+");
    if (words.length < 2) {
      out.skip(number, "no name");
      return;
    }
    if (!NOWHERE.contains(words[0])) {
      out.skip(number, "an address of its own");
      return;
    }
    for (int i = 1; i < words.length; i++) {
      if (!text.take(words[i])) {
        out.skip(number, "not a name");
      } else if (text.isAddress()) {
        out.skip(number, "an address");
      } else if (text.labels() > 1 && !words[i].equalsIgnoreCase("localhost.localdomain")) {
        out.rule(number, text.wire, DomainSet.SELF, Verb.BLOCK, "");
      } // localhost, broadcasthost, ip6-allnodes: the machine's own names
    }
  }
}
