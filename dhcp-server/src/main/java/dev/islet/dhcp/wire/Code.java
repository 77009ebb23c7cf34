package dev.islet.dhcp.wire;

import java.util.Set;

/** Option codes this server reads or writes itself. */
public final class Code {
  public static final int PAD = 0;
  public static final int SUBNET_MASK = 1;
  public static final int ROUTERS = 3;
  public static final int DNS = 6;
  public static final int HOST_NAME = 12;
  public static final int DOMAIN = 15;
  public static final int MTU = 26;
  public static final int BROADCAST = 28;
  public static final int NTP = 42;
  public static final int REQUESTED_ADDRESS = 50;
  public static final int LEASE_TIME = 51;
  public static final int OVERLOAD = 52;
  public static final int MESSAGE_TYPE = 53;
  public static final int SERVER_ID = 54;
  public static final int PARAMETER_LIST = 55;
  public static final int MESSAGE = 56;
  public static final int MAX_SIZE = 57;
  public static final int T1 = 58;
  public static final int T2 = 59;
  public static final int VENDOR_CLASS = 60;
  public static final int CLIENT_ID = 61;
  public static final int USER_CLASS = 77;
  public static final int RAPID_COMMIT = 80;
  public static final int FQDN = 81;
  public static final int RELAY_INFO = 82;
  public static final int LAST_TRANSACTION = 91;
  public static final int ASSOCIATED = 92;
  public static final int IPV6_ONLY = 108;
  public static final int CAPTIVE_PORTAL = 114;
  public static final int DOMAIN_SEARCH = 119;
  public static final int ROUTES = 121;
  public static final int END = 255;

  /** Options that come from the exchange itself and are never configured. */
  public static final Set<Integer> OWN =
      Set.of(
          SUBNET_MASK,
          REQUESTED_ADDRESS,
          LEASE_TIME,
          OVERLOAD,
          MESSAGE_TYPE,
          SERVER_ID,
          PARAMETER_LIST,
          MESSAGE,
          MAX_SIZE,
          T1,
          T2,
          CLIENT_ID,
          RAPID_COMMIT,
          FQDN,
          RELAY_INFO);

  private Code() {}
}
