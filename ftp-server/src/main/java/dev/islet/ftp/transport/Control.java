package dev.islet.ftp.transport;

import dev.islet.ftp.dialog.Policy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What the connections of a listener share.
 *
 * @param policy for their dialogs
 * @param tls the context of control and data connections; one, so that sessions can be resumed
 * @param ports where passive data connections listen
 * @param advertised the address told in reply 227 instead of our own
 * @param limits bounds in time and size
 */
record Control(
    Policy policy,
    SSLContext tls,
    PassivePorts ports,
    Optional<InetAddress> advertised,
    Limits limits) {
  /**
   * Bounds.
   *
   * @param line longest command line in bytes
   * @param idle how long a client may be silent
   * @param connect how long it may take to open its data connection
   */
  record Limits(int line, Duration idle, Duration connect) {}
}
