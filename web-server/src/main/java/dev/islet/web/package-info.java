/**
 * The web server's front door: {@link dev.islet.web.WebServer} and what describes it, {@link
 * dev.islet.web.WebConfig} from a file or {@link dev.islet.web.Setup} in code.
 */
@NullMarked
package dev.islet.web;

import org.jspecify.annotations.NullMarked;
