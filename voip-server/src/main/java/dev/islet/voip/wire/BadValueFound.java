package dev.islet.voip.wire;

/** Ends the reading of a value inside this package; has no stack trace, and never leaves it. */
final class BadValueFound extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadValueFound(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
