/**
 * A router for Linux: static routes and RIP into the kernel's table. {@link
 * dev.islet.router.RouterAgent} is the front door.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router;
