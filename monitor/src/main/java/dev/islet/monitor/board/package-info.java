/**
 * The board: pure readers of what the kernel writes about itself in /proc and /sys. Unknown is
 * null, never 0.
 */
@NullMarked
package dev.islet.monitor.board;

import org.jspecify.annotations.NullMarked;
