package dev.islet.dns;

import dev.islet.core.config.Key;
import java.net.InetSocketAddress;
import java.util.List;

/** DNS over TLS. */
public record DotConfig(
    @Key(value = "addresses and ports, customarily 853; none by default", def = "[]")
        List<InetSocketAddress> listen) {}
