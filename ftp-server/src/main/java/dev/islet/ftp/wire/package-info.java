/**
 * What FTP looks like on the control connection.
 *
 * <p>Bytes go into {@link dev.islet.ftp.wire.LineDecoder}, which cuts lines and skips Telnet
 * commands; a line becomes a {@link dev.islet.ftp.wire.Command}. A {@link dev.islet.ftp.wire.Reply}
 * becomes text. {@link dev.islet.ftp.wire.DataAddress} and {@link dev.islet.ftp.wire.Listing} write
 * what stands inside some of them. {@link dev.islet.ftp.wire.Explain} names every field of a line
 * for people.
 */
@NullMarked
package dev.islet.ftp.wire;

import org.jspecify.annotations.NullMarked;
