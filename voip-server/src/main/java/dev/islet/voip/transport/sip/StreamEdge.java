package dev.islet.voip.transport.sip;

import dev.islet.core.tls.TlsIdentity;
import dev.islet.voip.model.Flow;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** SIP over TCP or TLS on one listening address; a virtual thread for each connection. */
public final class StreamEdge implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.voip");
  private static final int BACKLOG = 128;
  private static final int HANDSHAKE_MILLIS = 10_000;

  private final ServerSocket listener;
  private final @Nullable TlsIdentity identity;
  private final Connections connections;
  private final Thread thread;

  private StreamEdge(
      ServerSocket listener, @Nullable TlsIdentity identity, Connections connections) {
    this.listener = listener;
    this.identity = identity;
    this.connections = connections;
    this.thread =
        Thread.ofPlatform()
            .name("sip-tcp-" + listener.getLocalPort())
            .daemon(true)
            .unstarted(this::accept);
  }

  /**
   * Binds and begins to accept.
   *
   * @param identity null for TCP, else what TLS presents
   */
  public static StreamEdge open(
      InetSocketAddress listen, @Nullable TlsIdentity identity, Connections connections)
      throws IOException {
    var listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(listen, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    var edge = new StreamEdge(listener, identity, connections);
    edge.thread.start();
    return edge;
  }

  /** Where it is bound. */
  public InetSocketAddress local() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        // Closed by its own thread, or here if it is not let in.
        @SuppressWarnings("resource")
        var socket = listener.accept();
        if (connections.admit(socket.getInetAddress())) {
          connections.run(() -> serve(socket));
        } else {
          socket.close();
        }
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.log(Level.WARNING, "accepting failed port=" + listener.getLocalPort() + " " + e);
        }
      }
    }
  }

  private void serve(Socket accepted) {
    var address = accepted.getInetAddress();
    try (accepted) {
      accepted.setTcpNoDelay(true);
      if (identity == null) {
        connections.serve(accepted, Flow.Transport.TCP, listener.getLocalPort());
        return;
      }
      try (var secure =
          (SSLSocket) identity.context().getSocketFactory().createSocket(accepted, null, true)) {
        secure.setUseClientMode(false);
        secure.setSSLParameters(TlsIdentity.parameters());
        secure.setSoTimeout(HANDSHAKE_MILLIS);
        secure.startHandshake();
        connections.serve(secure, Flow.Transport.TLS, listener.getLocalPort());
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "connection ended remote=" + address.getHostAddress() + " " + e);
    } finally {
      connections.leave(address);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      thread.join(2_000);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing failed port=" + listener.getLocalPort(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
