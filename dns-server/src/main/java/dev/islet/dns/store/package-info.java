/**
 * Files: master files are read by {@link dev.islet.dns.store.MasterFile} (RFC 1035 section 5), what
 * updates changed is kept in {@link dev.islet.dns.store.UpdateStore} before anybody hears that it
 * was accepted.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.store;
