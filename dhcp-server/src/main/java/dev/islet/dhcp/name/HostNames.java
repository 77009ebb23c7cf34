package dev.islet.dhcp.name;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which host name a client may have (RFC 1123 section 2.1). What clients send is hostile
 * input: a device that calls itself {@code wpad} would be asked for the proxy of the whole house.
 */
public final class HostNames {
  /** Names that mean something to somebody else, refused always. */
  private static final Set<String> SPECIAL =
      Set.of(
          "localhost",
          "localdomain",
          "broadcasthost",
          "wpad",
          "isatap",
          "router",
          "gateway",
          "gw",
          "dns",
          "ns",
          "ns1",
          "ns2",
          "dhcp",
          "ntp",
          "time",
          "www",
          "mail",
          "ftp",
          "sip",
          "ldap",
          "kerberos",
          "local",
          "home",
          "lan",
          "test",
          "invalid",
          "example",
          "onion",
          "arpa");

  private final Set<String> refused = new TreeSet<>(SPECIAL);

  /**
   * @param refused further names that no client may take, such as the router's own
   */
  public HostNames(Iterable<String> refused) {
    refused.forEach(n -> this.refused.add(n.toLowerCase(Locale.ROOT)));
  }

  /**
   * The label a client may use for what it calls itself: lower case, letters, digits and inner
   * dashes; spaces and underscores become dashes. Empty if nothing is left, or the name is refused.
   *
   * @param wish a label, or a name of which only the first label counts
   */
  public Optional<String> label(String wish) {
    var clean = new StringBuilder();
    for (int i = 0; i < wish.length() && clean.length() < 63; i++) {
      char c = Character.toLowerCase(wish.charAt(i));
      if (c == '.') {
        break;
      }
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
        clean.append(c);
      } else if ((c == '-' || c == '_' || c == ' ') && !clean.isEmpty()) {
        clean.append('-');
      } else if (c != '\'') {
        // Anything else is either a mistake or an attempt; a name made of the rest helps nobody.
        return Optional.empty();
      }
    }
    while (!clean.isEmpty() && clean.charAt(clean.length() - 1) == '-') {
      clean.setLength(clean.length() - 1);
    }
    var label = clean.toString();
    boolean digitsOnly = label.chars().allMatch(Character::isDigit);
    return label.isEmpty() || digitsOnly || refused.contains(label)
        ? Optional.empty()
        : Optional.of(label);
  }
}
