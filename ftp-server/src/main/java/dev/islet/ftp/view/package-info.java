/**
 * A home, and the jail around it.
 *
 * <p>{@code STOR ../../etc/passwd}: {@link dev.islet.ftp.view.VirtualPath} makes names below the
 * root of it, {@code /etc/passwd} in the home. {@link dev.islet.ftp.view.RightsView} asks whether
 * the account may store. The {@link dev.islet.ftp.view.FileView} behind it walks the names one by
 * one, each from the opened folder before it and never through a link, and opens a file aside that
 * gets its name when all of it has come.
 */
@NullMarked
package dev.islet.ftp.view;

import org.jspecify.annotations.NullMarked;
