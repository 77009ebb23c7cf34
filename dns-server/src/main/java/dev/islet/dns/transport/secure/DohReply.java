package dev.islet.dns.transport.secure;

import dev.islet.dns.wire.DohRequest;
import dev.islet.dns.wire.Freshness;
import java.nio.charset.StandardCharsets;

/**
 * What goes back over HTTP, in either version.
 *
 * @param cacheControl RFC 9111 section 5.2
 * @param bodiless the request was HEAD: headers alone
 */
record DohReply(int status, String type, String cacheControl, byte[] body, boolean bodiless) {
  private static final String TEXT = "text/plain; charset=utf-8";

  /** Methods for the Allow header that goes with 405 (RFC 9110 section 15.5.6). */
  static final String ALLOW = "GET, HEAD, POST";

  static DohReply of(byte[] message, boolean bodiless) {
    var fresh = "max-age=" + Freshness.seconds(message);
    return new DohReply(200, DohRequest.MEDIA_TYPE, fresh, message, bodiless);
  }

  static DohReply of(DohRequest.Refused refused, boolean bodiless) {
    var text = (refused.why() + "\n").getBytes(StandardCharsets.UTF_8);
    return new DohReply(refused.status(), TEXT, "no-store", text, bodiless);
  }

  /** The message was no question: there is no DNS answer to it. */
  static DohReply noQuestion(boolean bodiless) {
    return of(new DohRequest.Refused(400, "not a DNS request"), bodiless);
  }
}
