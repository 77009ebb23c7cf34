package dev.islet.dhcp.name;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.DomainNames;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The value of a DHCID record (RFC 4701): says in DNS which client a name belongs to, without
 * telling who that is. Only who can make the same value may overwrite the name (RFC 4703).
 */
public final class Dhcid {
  private static final int DIGEST_SHA256 = 1;

  private Dhcid() {}

  /** An identifier of any length in at most {@link ClientKey#LONGEST} bytes: long ones' digest. */
  public static Octets brief(Octets identifier) {
    return identifier.size() <= ClientKey.LONGEST
        ? identifier
        : Octets.of(sha256().digest(identifier.toBytes()));
  }

  /**
   * The record's data: two bytes for the kind of identifier, one for the digest, the digest of
   * identifier and name.
   *
   * @param name the full name the record is at
   */
  public static Octets of(ClientKey client, String name) {
    // RFC 4701 section 3.3: 0 hardware address, 1 client identifier, 2 a DUID, also that of an
    // RFC 4361 client identifier: so a client has one name with addresses of both families.
    int type = 0;
    var identifier = client.value();
    if (client.kind() == ClientKey.Kind.DUID) {
      type = 2;
    } else if (client.kind() != ClientKey.Kind.HARDWARE) {
      boolean duid =
          client.kind() == ClientKey.Kind.CLIENT_ID
              && identifier.size() > 5
              && identifier.at(0) == 255;
      type = duid ? 2 : 1;
      identifier = duid ? identifier.from(5) : identifier;
    }
    var sha = sha256();
    sha.update(identifier.toBytes());
    sha.update(DomainNames.encode(name.toLowerCase(Locale.ROOT)));
    return Octets.of((byte) 0, (byte) type, (byte) DIGEST_SHA256).plus(Octets.of(sha.digest()));
  }

  /** The digest every Java platform has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
