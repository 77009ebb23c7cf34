/** What the admin endpoint shows: the names of metrics and the shape of the state. */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.admin;
