package dev.islet.voip.model;

/**
 * A SIP response (RFC 3261 §7.2).
 *
 * @param status from 100 to 699
 * @param reason the phrase for people
 */
public record SipResponse(int status, String reason, Vitals vitals, SipHeaders headers, byte[] body)
    implements SipMessage {
  /** Whether it ends the transaction. */
  public boolean isFinal() {
    return status >= 200;
  }

  /** Whether it is a 2xx. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Override
  public String title() {
    return status + " " + reason;
  }
}
