/** The command line: one or several services in one JVM, and the commands that talk to them. */
package dev.islet.launcher;
