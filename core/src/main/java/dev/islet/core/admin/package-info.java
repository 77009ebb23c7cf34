/**
 * The one HTTP endpoint a service shows to its operator, and the probe a container asks it with.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.admin;
