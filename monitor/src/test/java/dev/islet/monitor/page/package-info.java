/** The page, opened in a real browser. */
@org.jspecify.annotations.NullMarked
package dev.islet.monitor.page;
