package dev.islet.dns.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.xbill.DNS.Message;

/**
 * Any bytes as a message: the view calls them malformed, with a place in them, or every question
 * that can be asked of it has an answer, and another library finds the same question; {@link
 * Explain} names fields that lie within them.
 */
public final class MessageTarget {
  private MessageTarget() {}

  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    if (bytes.length > 65_535) {
      return;
    }
    for (var field : Explain.explain(bytes)) {
      if (field.offset() < 0 || field.offset() + field.length() > bytes.length) {
        throw new AssertionError("a field outside of the message: " + field);
      }
    }
    var view = new MessageView();
    if (!view.read(ByteBuffer.wrap(bytes))) {
      if (view.malformed().offset() < 0) {
        throw new AssertionError(view.malformed());
      }
      return;
    }
    if (view.count(0) == 1) {
      var question = new Message(head(bytes, view.questionEnd())).getQuestion();
      if (!view.questionName().equals(question.getName())
          || view.questionType() != question.getType()
          || view.questionClass() != question.getDClass()) {
        throw new AssertionError(view.questionName() + " is read as " + question);
      }
    }
    if (view.hasOpt() && (view.udpSize() < 512 || view.ednsVersion() < 0)) {
      throw new AssertionError("EDNS " + view.udpSize() + " " + view.ednsVersion());
    }
    if (view.hasCookie() && (view.serverCookieSize() < 0 || view.serverCookieSize() > 32)) {
      throw new AssertionError("a server cookie of " + view.serverCookieSize() + " bytes");
    }
  }

  /** The header and the question alone. */
  private static byte[] head(byte[] message, int end) {
    var head = Arrays.copyOf(message, end);
    Arrays.fill(head, 6, 12, (byte) 0);
    return head;
  }
}
