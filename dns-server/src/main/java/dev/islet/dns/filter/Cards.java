package dev.islet.dns.filter;

import dev.islet.core.net.MacAddress;
import java.net.InetAddress;
import java.util.Optional;

/** Knows the hardware addresses of neighbours; asked where rules are, so it must not wait. */
@FunctionalInterface
public interface Cards {
  Cards UNKNOWN = address -> Optional.empty();

  Optional<MacAddress> of(InetAddress address);
}
