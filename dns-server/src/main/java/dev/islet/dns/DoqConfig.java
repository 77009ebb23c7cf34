package dev.islet.dns;

import dev.islet.core.config.Key;
import java.net.InetSocketAddress;
import java.util.List;

/** DNS over QUIC. */
public record DoqConfig(
    @Key(
            value =
                "addresses and ports, customarily 853; none by default; needs a build with QUIC",
            def = "[]")
        List<InetSocketAddress> listen) {}
