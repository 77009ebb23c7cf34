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
  /** Goes the way of a reply to MINA's thread but puts no byte on the wire. */
  sealed interface Mark {
    /** When it is "sent", all that the socket had brought before has been read. */
    record Ping() implements Mark {}

    /**
     * Reading goes on when it is "sent". MINA changes what it waits for with a read and a write
     * that are not one step, so doing that from another thread while a reply is being sent can be
     * lost, and the connection would be deaf.
     */
    record Resume() implements Mark {}
  }

  @Override
  public void messageReceived(NextFilter next, IoSession session, Object message) {
    var bytes = (IoBuffer) message;
    ControlLink.of(session).ifPresent(link -> link.received(next, bytes.buf()));
  }

  @Override
  public void filterWrite(NextFilter next, IoSession session, WriteRequest request) {
    switch (request.getMessage()) {
      case FtpReplyOf reply -> request.setMessage(bytes(reply.reply()));
      case Mark mark -> request.setMessage(IoBuffer.allocate(0));
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
    switch (request.getOriginalMessage()) {
      case Mark.Ping ping -> {
        // whoever waits for it holds its future
      }
      case Mark.Resume resume -> ControlLink.of(session).ifPresent(ControlLink::readOn);
      default -> next.messageSent(session, request);
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
