/** What operators see: counters, and leases as they are shown. */
@NullMarked
package dev.islet.dhcp.admin;

import org.jspecify.annotations.NullMarked;
