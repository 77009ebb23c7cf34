package dev.islet.core.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Hands a key and its chain to a handshake. The name of a choice carries the generation of the key,
 * so that a handshake that began before a reload ends with the key it began with.
 */
final class TlsKeys extends X509ExtendedKeyManager {
  private final Function<String, TlsIdentity> byName;

  /**
   * @param byName the identity for a requested server name; asked with the empty string when the
   *     client named none
   */
  TlsKeys(Function<String, TlsIdentity> byName) {
    this.byName = byName;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyType, requestedName(engine.getHandshakeSession()));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(
        keyType, socket instanceof SSLSocket tls ? requestedName(tls.getHandshakeSession()) : "");
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return chooseClient(keyTypes);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseClient(keyTypes);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = choose(keyType, "");
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var material = material(alias);
    return material == null ? null : material.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var material = material(alias);
    return material == null ? null : material.key();
  }

  private @Nullable String chooseClient(String[] keyTypes) {
    for (var keyType : keyTypes) {
      var alias = choose(keyType, "");
      if (alias != null) {
        return alias;
      }
    }
    return null;
  }

  private @Nullable String choose(String keyType, String name) {
    var material = byName.apply(name).current();
    var algorithm = material.key().getAlgorithm();
    // A server key's type may come with the signature of its issuer: EC_RSA.
    return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_")
        ? material.generation() + " " + name
        : null;
  }

  private TlsIdentity.@Nullable Material material(String alias) {
    int space = alias.indexOf(' ');
    return byName
        .apply(alias.substring(space + 1))
        .generation(Long.parseLong(alias.substring(0, space)));
  }

  private static String requestedName(@Nullable SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (var name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(java.util.Locale.ROOT);
        }
      }
    }
    return "";
  }
}
