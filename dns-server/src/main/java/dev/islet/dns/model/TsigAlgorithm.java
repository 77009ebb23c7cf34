package dev.islet.dns.model;

import java.util.Locale;
import org.xbill.DNS.Name;

/** The HMACs that RFC 8945 section 6 asks for or allows, without the broken ones. */
public enum TsigAlgorithm {
  HMAC_SHA256("HmacSHA256", 32),
  HMAC_SHA384("HmacSHA384", 48),
  HMAC_SHA512("HmacSHA512", 64);

  private final String mac;
  private final int size;
  private final Name wireName;

  TsigAlgorithm(String mac, int size) {
    this.mac = mac;
    this.size = size;
    this.wireName =
        Name.fromConstantString(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".");
  }

  /** The name of the Java cryptography architecture. */
  public String mac() {
    return mac;
  }

  /** Bytes of a whole MAC. */
  public int size() {
    return size;
  }

  /** The name on the wire. */
  public Name wireName() {
    return wireName;
  }
}
