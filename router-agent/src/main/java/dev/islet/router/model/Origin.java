package dev.islet.router.model;

/** Who says that a route exists. */
public enum Origin {
  /** An address of an interface that is up. */
  CONNECTED(0),
  /** The configuration. */
  STATIC(1),
  /** RIP, RFC 2453. */
  RIP(120);

  private final int distance;

  Origin(int distance) {
    this.distance = distance;
  }

  /**
   * The administrative distance unless configured otherwise: of two origins with a route to the
   * same prefix, the one with the smaller distance is believed. The values are the customary ones.
   */
  public int distance() {
    return distance;
  }
}
