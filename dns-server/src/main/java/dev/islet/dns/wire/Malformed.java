package dev.islet.dns.wire;

/**
 * Why bytes are no DNS message.
 *
 * @param offset where the form broke, from the start of the message
 * @param reason what was wrong there
 */
public record Malformed(int offset, Reason reason) {
  /** Faults of form. */
  public enum Reason {
    NONE("well-formed"),
    SHORT_HEADER("shorter than the 12 bytes of a header (RFC 1035 section 4.1.1)"),
    SHORT("ends in the middle of a field (RFC 1035 section 4.1)"),
    LABEL("a label type other than 00 or 11 (RFC 1035 section 4.1.4, RFC 6891 section 5)"),
    LONG_NAME("a name of more than 255 bytes (RFC 1035 section 2.3.4)"),
    POINTER("a compression pointer that does not point back (RFC 1035 section 4.1.4)"),
    OPT_OWNER("an OPT record whose owner is not the root (RFC 6891 section 6.1.2)"),
    OPT_TWICE("more than one OPT record (RFC 6891 section 6.1.1)"),
    OPT_FORM("an EDNS option that leaves its record (RFC 6891 section 6.1.2)"),
    COOKIE_FORM("a cookie that is neither 8 nor 16 to 40 bytes (RFC 7873 section 5.2.2)"),
    OPT_PLACE("an OPT record outside the additional section (RFC 6891 section 6.1.1)"),
    TSIG_PLACE("a TSIG record that is not the last one (RFC 8945 section 5.1)"),
    TRAILING("bytes after the last record");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** One phrase for people. */
    public String text() {
      return text;
    }
  }

  @Override
  public String toString() {
    return "offset " + offset + ": " + reason.text();
  }
}
