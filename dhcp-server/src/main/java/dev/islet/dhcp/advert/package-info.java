/**
 * Router advertisements (RFC 4861): what hosts of a link are told about routers, prefixes and name
 * servers, when nobody asked and when somebody did. Pure: solicitations in, packets out, time and
 * chance handed in.
 */
@NullMarked
package dev.islet.dhcp.advert;

import org.jspecify.annotations.NullMarked;
