/**
 * The conversation with a client, without sockets.
 *
 * <p>A line becomes a command for {@link dev.islet.ftp.dialog.Dialog}, which looks it up in one
 * table and runs it: who may log in is asked of {@code account}, what lies in a home of {@code
 * view}. {@code PASV} asks {@link dev.islet.ftp.dialog.Hands} for a port; {@code STOR} opens the
 * file aside, takes the data connection from Hands, says 150, copies, and lets the file have its
 * name when the sender is still there. Each command and reply is told as an event.
 */
@NullMarked
package dev.islet.ftp.dialog;

import org.jspecify.annotations.NullMarked;
