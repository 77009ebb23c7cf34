package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Octets;
import java.util.Optional;

/**
 * A client's wish for its name, or what became of it (RFC 4704 section 4).
 *
 * <pre>
 * flags 1 (N 4, O 2, S 1) | domain name, without the root if it is only a part
 * </pre>
 *
 * @param name without a final dot; may be a single label, or empty
 * @param complete whether it ends with the root
 */
public record Fqdn6(int flags, String name, boolean complete) {
  /** The server shall do the address record. */
  public static final int S = 1;

  /** The server does otherwise than the client wished. */
  public static final int O = 2;

  /** Nobody shall do anything. */
  public static final int N = 4;

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Reads the option; empty if it is broken. */
  public static Optional<Fqdn6> read(Octets bytes) {
    if (bytes.size() == 0) {
      return Optional.empty();
    }
    int flags = bytes.at(0);
    if (bytes.size() == 1) {
      return Optional.of(new Fqdn6(flags, "", false));
    }
    var whole = DomainNames.decode(bytes.from(1).toBytes());
    boolean complete = whole.isPresent();
    if (!complete) {
      whole = DomainNames.decode(bytes.from(1).plus(Octets.of((byte) 0)).toBytes());
    }
    return whole
        .filter(names -> names.size() == 1)
        .map(names -> new Fqdn6(flags, names.getFirst(), complete));
  }

  /** The option. */
  public Option6 option() {
    var head = Octets.of((byte) flags);
    if (name.isEmpty()) {
      return new Option6(Code6.FQDN, head);
    }
    var bytes = Octets.of(DomainNames.encode(name));
    var shown = complete ? bytes : Octets.of(bytes.toBytes(), 0, bytes.size() - 1);
    return new Option6(Code6.FQDN, head.plus(shown));
  }
}
