/**
 * The words of DHCP: addresses, identities, message types, and the sealed events of the trace. No
 * logic beyond validation.
 */
@NullMarked
package dev.islet.dhcp.model;

import org.jspecify.annotations.NullMarked;
