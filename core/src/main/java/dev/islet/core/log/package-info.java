/** Log lines of a process that Islet itself started. */
package dev.islet.core.log;
