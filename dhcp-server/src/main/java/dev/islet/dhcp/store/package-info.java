/** The lease file. A record is written when an address changes hands, and before that is said. */
@NullMarked
package dev.islet.dhcp.store;

import org.jspecify.annotations.NullMarked;
