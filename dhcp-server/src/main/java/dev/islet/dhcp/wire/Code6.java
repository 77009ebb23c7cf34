package dev.islet.dhcp.wire;

/** Option codes and status codes of DHCPv6 that this server reads or writes itself. */
public final class Code6 {
  public static final int CLIENT_ID = 1;
  public static final int SERVER_ID = 2;
  public static final int IA_NA = 3;
  public static final int IA_TA = 4;
  public static final int IA_ADDRESS = 5;
  public static final int OPTION_REQUEST = 6;
  public static final int PREFERENCE = 7;
  public static final int ELAPSED = 8;
  public static final int RELAY_MESSAGE = 9;
  public static final int STATUS = 13;
  public static final int RAPID_COMMIT = 14;
  public static final int INTERFACE_ID = 18;
  public static final int DNS = 23;
  public static final int DOMAIN_SEARCH = 24;
  public static final int IA_PD = 25;
  public static final int IA_PREFIX = 26;
  public static final int REFRESH_TIME = 32;
  public static final int FQDN = 39;
  public static final int NTP = 56;
  public static final int CLIENT_LINK_LAYER = 79;
  public static final int SOL_MAX_RT = 82;
  public static final int INF_MAX_RT = 83;
  public static final int CAPTIVE_PORTAL = 103;
  public static final int RELAY_PORT = 135;

  /** Status codes (RFC 8415 section 21.13). */
  public static final int SUCCESS = 0;

  public static final int NO_ADDRESSES = 2;
  public static final int NO_BINDING = 3;
  public static final int NOT_ON_LINK = 4;
  public static final int USE_MULTICAST = 5;
  public static final int NO_PREFIX = 6;

  private Code6() {}
}
