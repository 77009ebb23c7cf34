/**
 * Certificates by server name. A TLS handshake names the host it wants; {@link
 * dev.islet.web.cert.Certificates} answers with the identity of that site, or the common one, and
 * once a day asks each identity whether it is due for renewal.
 */
@NullMarked
package dev.islet.web.cert;

import org.jspecify.annotations.NullMarked;
