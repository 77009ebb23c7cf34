package dev.islet.ftp.transport;

import dev.islet.core.tls.TlsIdentity;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import org.apache.mina.filter.ssl.SslFilter;

/**
 * TLS on a control connection. Lets the reply to AUTH pass in the clear; asks no name server for
 * the client's name, as the filter it is made from would.
 */
final class TlsFilter extends SslFilter {
  private final Object inTheClear;

  /**
   * @param inTheClear the one message that is not encrypted, compared by identity
   */
  TlsFilter(SSLContext context, Object inTheClear) {
    super(context);
    this.inTheClear = inTheClear;
  }

  @Override
  protected SSLEngine createEngine(IoSession session, InetSocketAddress address) {
    var engine = sslContext.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(TlsIdentity.parameters());
    return engine;
  }

  /** Nothing is passed on without a TLS engine: it goes when the session is being closed. */
  @Override
  public void messageReceived(NextFilter next, IoSession session, Object message) throws Exception {
    if (session.containsAttribute(SSL_HANDLER)) {
      super.messageReceived(next, session, message);
    } else {
      session.closeNow();
    }
  }

  @Override
  public void filterWrite(NextFilter next, IoSession session, WriteRequest request)
      throws Exception {
    var message = request.getOriginalMessage();
    if (message == inTheClear || message instanceof ControlFilter.Mark) {
      next.filterWrite(session, request);
    } else {
      super.filterWrite(next, session, request);
    }
  }
}
