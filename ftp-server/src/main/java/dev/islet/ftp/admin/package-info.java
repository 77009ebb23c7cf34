/** What the admin endpoint shows of the FTP service. */
@NullMarked
package dev.islet.ftp.admin;

import org.jspecify.annotations.NullMarked;
