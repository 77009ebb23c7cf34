package dev.islet.voip.model;

/**
 * Orders the requests of a dialog (RFC 3261 §20.16).
 *
 * @param number less than 2^31
 * @param method equal to the request's method
 */
public record CSeq(long number, String method) {
  @Override
  public String toString() {
    return number + " " + method;
  }
}
