package dev.islet.ftp.transport;

import dev.islet.ftp.wire.Reply;
import java.nio.charset.StandardCharsets;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import org.apache.mina.filter.FilterEvent;

/**
 * Stands in the filter chain where FtpServer has its codec and its thread pool: hands bytes to the
 * {@link ControlLink} of the session, which cuts lines and gives each a turn on a virtual thread,
 * and writes replies as bytes.
 */
final class ControlFilter extends IoFilterAdapter {
  /**
   * Goes the way of a reply but puts no byte on the wire: when it is "sent", reads are done too.
   */
  record Ping() {}

  @Override
  public void messageReceived(NextFilter next, IoSession session, Object message) {
    var bytes = (IoBuffer) message;
    ControlLink.of(session).ifPresent(link -> link.received(next, bytes.buf()));
  }

  @Override
  public void filterWrite(NextFilter next, IoSession session, WriteRequest request) {
    switch (request.getMessage()) {
      case FtpReplyOf reply -> request.setMessage(bytes(reply.reply()));
      case Ping ping -> request.setMessage(IoBuffer.allocate(0));
      default ->
          throw new IllegalArgumentException("only replies are written: " + request.getMessage());
    }
    next.filterWrite(session, request);
  }

  private static IoBuffer bytes(Reply reply) {
    return IoBuffer.wrap(reply.text().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void messageSent(NextFilter next, IoSession session, WriteRequest request)
      throws Exception {
    if (!(request.getOriginalMessage() instanceof Ping)) {
      next.messageSent(session, request);
    }
  }

  @Override
  public void event(NextFilter next, IoSession session, FilterEvent event) throws Exception {
    ControlLink.of(session).ifPresent(link -> link.event(event));
    next.event(session, event);
  }

  @Override
  public void inputClosed(NextFilter next, IoSession session) {
    ControlLink.of(session).ifPresentOrElse(ControlLink::inputClosed, session::closeNow);
  }

  @Override
  public void sessionIdle(NextFilter next, IoSession session, IdleStatus status) {
    ControlLink.of(session).ifPresentOrElse(ControlLink::idle, session::closeNow);
  }
}
