package dev.islet.launcher;

/** A running service was asked through its admin endpoint and did not answer as hoped. */
final class UnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message) {
    super(message);
  }
}
