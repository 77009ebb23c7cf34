package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;

/** Bounds for what comes in; half of what is free is kept for known clients in any case. */
public record GuardConfig(
    @Key(
            value = "messages a second that one client may send, twice as many at once; 0: any",
            def = "100")
        int clientRate,
    @Key(
            value =
                "DISCOVERs a second that unknown clients of one link or one circuit of a relay"
                    + " may send, twice as many at once; 0: any",
            def = "0")
        int strangerRate) {
  static final GuardConfig USUAL = new GuardConfig(100, 0);

  public GuardConfig {
    if (clientRate < 0) {
      throw new BadValue("clientRate", "expected 0 or more");
    }
    if (strangerRate < 0) {
      throw new BadValue("strangerRate", "expected 0 or more");
    }
  }
}
