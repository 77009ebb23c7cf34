package dev.islet.core.net.socket;

import java.io.IOException;

/**
 * The kernel refused a netlink request; the message holds its own explanation where it gave one.
 */
public final class NetlinkException extends IOException {
  private static final long serialVersionUID = 1;

  /** Not permitted: needs CAP_NET_ADMIN. */
  public static final int EPERM = 1;

  /** No such route. */
  public static final int ESRCH = 3;

  /** There is one already. */
  public static final int EEXIST = 17;

  private final int errno;

  NetlinkException(String what, int errno, String explanation) {
    super(
        what
            + ": "
            + switch (errno) {
              case ESRCH -> "No such route";
              default -> Libc.message(errno);
            }
            + (explanation.isEmpty() ? "" : " (" + explanation + ")"));
    this.errno = errno;
  }

  /** The error number. */
  public int errno() {
    return errno;
  }
}
