package dev.islet.ftp.model;

import java.net.InetSocketAddress;

/**
 * Who is at the other end of a control connection.
 *
 * @param session number of the connection, counted from 1 since the start
 * @param user the account that is logged in; empty before that
 * @param remote the client's end of the control connection
 * @param local our end of it
 * @param tls whether it is protected by TLS
 */
public record Peer(
    long session, String user, InetSocketAddress remote, InetSocketAddress local, boolean tls) {
  @Override
  public String toString() {
    return (user.isEmpty() ? "somebody" : user)
        + " at "
        + remote.getAddress().getHostAddress()
        + " (session "
        + session
        + ")";
  }
}
