package dev.islet.ftp.dialog;

import dev.islet.ftp.wire.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What a dialog needs of the world: the control connection's other half, and data connections. */
public interface Hands {
  /** Sends a reply. */
  void reply(Reply reply);

  /** Ends the control connection when the replies before have been sent. */
  void end();

  /**
   * Sends the reply in the clear and protects the control connection from the next byte on.
   *
   * @return false if it was ended instead, since bytes in the clear had come behind AUTH
   */
  boolean protect(Reply reply);

  /** Whether the control connection is protected. */
  boolean secure();

  /**
   * Whether the client is still there, all that its control connection has brought so far
   * considered, and what it brings within this time.
   *
   * @param patience zero or more
   */
  boolean present(Duration patience);

  /**
   * Opens a port for the client to connect to; closes what an earlier command had prepared.
   *
   * @return where we listen
   * @throws DataFailure if every port of the range is taken
   */
  InetSocketAddress listen() throws DataFailure;

  /** The address to tell the client in reply 227, for a socket bound here. */
  InetAddress advertised(InetAddress bound);

  /** Prepares to connect to the client. */
  void dial(InetSocketAddress client);

  /** Whether a data connection was prepared. */
  boolean prepared();

  /**
   * Gets the prepared data connection, without TLS yet.
   *
   * @throws DataFailure if the client does not come in time, or cannot be reached
   */
  DataLink connect() throws DataFailure;

  /** Forgets what was prepared. */
  void drop();

  /** An established data connection. */
  interface DataLink extends AutoCloseable {
    /** Puts TLS on it, as server. */
    void protect() throws IOException;

    InputStream in() throws IOException;

    OutputStream out() throws IOException;

    /** Ends the sending properly, so that the client can tell the end from a cut (RFC 4217). */
    void finish() throws IOException;

    @Override
    void close();
  }

  /** There is no data connection to be had. */
  final class DataFailure extends Exception {
    private static final long serialVersionUID = 1;

    public DataFailure(String why) {
      super(why);
    }
  }
}
