package dev.islet.voip.wire;

import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import java.nio.charset.StandardCharsets;

/** Writes messages as they go over the wire; Content-Length is always right. */
public final class SipWriter {
  private SipWriter() {}

  /** The message as bytes. */
  public static byte[] write(SipMessage message) {
    var out = new StringBuilder(512);
    switch (message) {
      case SipRequest request ->
          out.append(request.method()).append(' ').append(request.uri()).append(" SIP/2.0\r\n");
      case SipResponse response ->
          out.append("SIP/2.0 ")
              .append(response.status())
              .append(' ')
              .append(response.reason())
              .append("\r\n");
    }
    for (var header : message.headers().all()) {
      if (!header.name().equals("Content-Length")) {
        out.append(header.name()).append(": ").append(header.value()).append("\r\n");
      }
    }
    int length = message.body().length;
    out.append("Content-Length: ").append(length).append("\r\n\r\n");
    var head = out.toString();
    var bytes = new byte[head.length() + length];
    var encoded = head.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(encoded, 0, bytes, 0, encoded.length);
    System.arraycopy(message.body(), 0, bytes, encoded.length, length);
    return bytes;
  }
}
