/**
 * Apache FtpServer and MINA, and the sockets of data connections.
 *
 * <p>FtpServer's listener, session and filter chain carry the control connections. Its commands,
 * accounts, file system and data connections are not used: the faults of version 1.2.1 lie there
 * (commands in the clear survive AUTH, PORT to anybody, REST lost by PASV, a wrong MLST, links out
 * of the home), and {@code dialog} does their work instead.
 */
@NullMarked
package dev.islet.ftp.transport;

import org.jspecify.annotations.NullMarked;
