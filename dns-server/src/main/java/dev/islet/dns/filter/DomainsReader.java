package dev.islet.dns.filter;

/** A name a line. */
final class DomainsReader implements ListReader {
  private final DomainText text = new DomainText();

  @Override
  public void line(int number, String raw, ListSink out) {
    var line = DomainText.withoutComment(raw);
    if (line.isEmpty()) {
      return;
    }
    boolean star = line.startsWith("*.");
    boolean dot = !star && line.startsWith(".");
    if (!text.take(line, star ? 2 : dot ? 1 : 0, line.length())) {
      out.skip(number, "not a name");
    } else if (text.isAddress()) {
      out.skip(number, "an address");
    } else if (text.labels() < 2 && !star) {
      out.skip(number, "a name of one label");
    } else {
      int scope = star ? DomainSet.BELOW : DomainSet.SELF | DomainSet.BELOW;
      out.rule(number, text.wire, scope, Verb.BLOCK, "");
    }
  }
}
