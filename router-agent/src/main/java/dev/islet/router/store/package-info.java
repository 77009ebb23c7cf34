/** What must survive a restart: only RIP's sequence number, so that neighbours believe us. */
@org.jspecify.annotations.NullMarked
package dev.islet.router.store;
