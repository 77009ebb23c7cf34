/**
 * Keys and certificates for every service that speaks TLS, in nothing but the JDK.
 *
 * <p>At first start a service names a folder and the names it is known by. {@code SelfSigned} makes
 * a P-256 key and, with the small encoder {@code Der}, a certificate; {@code Pem} puts both down so
 * that nobody ever reads half of one. {@link dev.islet.core.tls.TlsIdentity} holds them behind a
 * key manager that looks up key and chain anew for each handshake: a reload swaps them live, and a
 * handshake under way keeps the pair it began with.
 */
package dev.islet.core.tls;
