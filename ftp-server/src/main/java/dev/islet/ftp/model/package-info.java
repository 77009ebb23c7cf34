/**
 * The words of the FTP service: rights, peers, entries of a listing, transfers, and the events of
 * its trace.
 */
@NullMarked
package dev.islet.ftp.model;

import org.jspecify.annotations.NullMarked;
