package dev.islet.ftp.transport;

import dev.islet.core.tls.TlsIdentity;
import dev.islet.ftp.dialog.Hands.DataFailure;
import dev.islet.ftp.dialog.Hands.DataLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The data connections of one control connection: at most one port open or one address noted, and
 * at most one connection made from it. Plain blocking sockets, since a virtual thread serves each.
 */
final class DataSockets {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int LINGER_MILLIS = 5_000;

  private final InetAddress client;
  private final InetAddress local;
  private final PassivePorts ports;
  private final SSLContext tls;
  private final int waitMillis;
  private final int idleMillis;
  private final BiConsumer<InetSocketAddress, String> refused;
  private @Nullable ServerSocket server;
  private @Nullable InetSocketAddress target;

  /**
   * @param client the only address that data is exchanged with
   * @param local our address on the control connection
   * @param waitMillis how long the client may take to connect
   * @param idleMillis how long it may be silent
   * @param refused told of each stranger
   */
  DataSockets(
      InetAddress client,
      InetAddress local,
      PassivePorts ports,
      SSLContext tls,
      int waitMillis,
      int idleMillis,
      BiConsumer<InetSocketAddress, String> refused) {
    this.client = client;
    this.local = local;
    this.ports = ports;
    this.tls = tls;
    this.waitMillis = waitMillis;
    this.idleMillis = idleMillis;
    this.refused = refused;
  }

  synchronized InetSocketAddress listen() throws DataFailure {
    drop();
    var opened = ports.open(local);
    server = opened;
    return (InetSocketAddress) opened.getLocalSocketAddress();
  }

  synchronized void dial(InetSocketAddress address) {
    drop();
    target = address;
  }

  synchronized boolean prepared() {
    return server != null || target != null;
  }

  synchronized void drop() {
    target = null;
    if (server != null) {
      quietly(server);
      server = null;
    }
  }

  DataLink connect() throws DataFailure {
    ServerSocket listening;
    InetSocketAddress address;
    synchronized (this) {
      listening = server;
      address = target;
    }
    Socket socket;
    if (listening != null) {
      socket = accept(listening);
    } else if (address != null) {
      socket = reach(address);
    } else {
      throw new DataFailure("no data connection was prepared");
    }
    try {
      socket.setSoTimeout(idleMillis);
      socket.setTcpNoDelay(true);
      return new Link(socket, tls);
    } catch (IOException e) {
      quietly(socket);
      throw new DataFailure("the data connection broke at once");
    } finally {
      drop();
    }
  }

  /** Takes the client's connection and nobody else's (RFC 2577 section 5, port stealing). */
  private Socket accept(ServerSocket listening) throws DataFailure {
    long end = System.nanoTime() + waitMillis * 1_000_000L;
    try {
      while (true) {
        int left = (int) ((end - System.nanoTime()) / 1_000_000);
        if (left <= 0) {
          throw new SocketTimeoutException("nobody came");
        }
        listening.setSoTimeout(left);
        var socket = listening.accept();
        if (socket.getInetAddress().equals(client)) {
          return socket;
        }
        refused.accept(
            (InetSocketAddress) socket.getRemoteSocketAddress(), "not the client's own address");
        quietly(socket);
      }
    } catch (SocketTimeoutException e) {
      throw new DataFailure("you did not connect in time");
    } catch (IOException e) {
      throw new DataFailure("the passive port was closed");
    }
  }

  private Socket reach(InetSocketAddress address) throws DataFailure {
    var socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(local, 0));
      socket.connect(address, Math.min(waitMillis, CONNECT_MILLIS));
      return socket;
    } catch (IOException e) {
      quietly(socket);
      throw new DataFailure("you cannot be reached at port " + address.getPort());
    }
  }

  private static void quietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      System.getLogger("islet.ftp").log(System.Logger.Level.DEBUG, "service=ftp closing", e);
    }
  }

  /** A connection, with TLS put on it or not. */
  private static final class Link implements DataLink {
    private final Socket plain;
    private final SSLContext tls;
    private volatile Socket socket;

    Link(Socket plain, SSLContext tls) {
      this.plain = plain;
      this.tls = tls;
      this.socket = plain;
    }

    @Override
    public void protect() throws IOException {
      var layered =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(
                      plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
      layered.setUseClientMode(false);
      layered.setSSLParameters(TlsIdentity.parameters());
      // The context is the control connection's: a client may resume its session (RFC 4217 s. 10).
      layered.startHandshake();
      socket = layered;
    }

    @Override
    public InputStream in() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream out() throws IOException {
      return socket.getOutputStream();
    }

    @Override
    public void finish() throws IOException {
      socket.shutdownOutput();
    }

    /**
     * A client's closing message of TLS may still be on its way; closing before it is read would
     * reset the connection, and with it what the client has not read yet. So that is waited for
     * aside, for a while.
     */
    @Override
    public void close() {
      if (socket instanceof SSLSocket layered && layered.isOutputShutdown()) {
        Thread.ofVirtual().name("ftp-data-end").start(() -> drain(layered));
      } else {
        quietly(plain);
      }
    }

    private void drain(SSLSocket layered) {
      try {
        layered.setSoTimeout(LINGER_MILLIS);
        var in = plain.getInputStream();
        var waste = new byte[1024];
        for (int n = 0; n < 64 && in.read(waste) >= 0; n++) {
          // only the end is of interest
        }
      } catch (IOException e) {
        System.getLogger("islet.ftp").log(System.Logger.Level.DEBUG, "service=ftp ending", e);
      } finally {
        quietly(plain);
      }
    }
  }
}
