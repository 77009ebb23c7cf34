package dev.islet.dns.transfer;

import dev.islet.dns.wire.TsigKey;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Another server of a zone: its primary or a secondary of it.
 *
 * @param key that signs what goes to it, and that its replies must be signed with
 */
public record Peer(InetSocketAddress address, Optional<TsigKey> key) {
  @Override
  public String toString() {
    return address + key.map(k -> " key " + k.name()).orElse("");
  }
}
