/**
 * The values that handlers, traces and configurations of the web server speak in. A {@link
 * dev.islet.web.model.Request} goes in, a {@link dev.islet.web.model.Reply} comes out, and {@link
 * dev.islet.web.model.WebEvent} tells what happened between.
 */
@NullMarked
package dev.islet.web.model;

import org.jspecify.annotations.NullMarked;
