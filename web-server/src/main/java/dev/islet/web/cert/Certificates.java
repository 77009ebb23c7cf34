package dev.islet.web.cert;

import dev.islet.core.tls.TlsIdentity;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;

/**
 * Which certificate is shown for which server name (RFC 6066 section 3). Unchanging; a reload makes
 * another.
 */
public final class Certificates {
  private final TlsIdentity common;
  private final Map<String, TlsIdentity> byName;

  /**
   * @param common for clients that name nothing, or a name without a certificate of its own
   * @param byName host names, also with a leading {@code *.}
   */
  public Certificates(TlsIdentity common, Map<String, TlsIdentity> byName) {
    this.common = common;
    this.byName = new HashMap<>();
    byName.forEach((name, identity) -> this.byName.put(name.toLowerCase(Locale.ROOT), identity));
  }

  /** The identity for a name a client asked for; empty if it asked for none. */
  public TlsIdentity forName(String name) {
    var own = byName.get(name);
    if (own != null) {
      return own;
    }
    int dot = name.indexOf('.');
    var wild = dot < 0 ? null : byName.get("*" + name.substring(dot));
    return wild == null ? common : wild;
  }

  /** The one shown to clients that name nothing. */
  public TlsIdentity common() {
    return common;
  }

  /**
   * Loads all of them again: renewed files, or self-signed certificates that are due.
   *
   * @return how many are other ones now
   */
  public int renew() throws IOException {
    int changed = 0;
    var each = new LinkedHashSet<>(byName.values());
    each.add(common);
    for (var identity : each) {
      changed += identity.reload() ? 1 : 0;
    }
    return changed;
  }
}
