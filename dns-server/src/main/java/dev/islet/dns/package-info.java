/**
 * A name server: {@link dev.islet.dns.DnsServer} is what a program meets, {@link
 * dev.islet.dns.DnsConfig} what an operator writes, {@link dev.islet.dns.Setup} the same in code.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns;
