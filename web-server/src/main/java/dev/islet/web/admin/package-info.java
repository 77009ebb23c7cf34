/** What the web server shows of itself: names of metrics, counts per site. */
@NullMarked
package dev.islet.web.admin;

import org.jspecify.annotations.NullMarked;
