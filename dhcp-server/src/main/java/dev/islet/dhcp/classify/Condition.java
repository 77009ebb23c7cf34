package dev.islet.dhcp.classify;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.RelayInfo;
import java.util.List;
import java.util.Optional;

/** What must hold of a client's message. */
public sealed interface Condition {
  /** Whether it holds. */
  boolean holds(Message message);

  /** Option 60 is like one of these. */
  record VendorClass(List<TextMatch> texts) implements Condition {
    public VendorClass {
      texts = List.copyOf(texts);
    }

    @Override
    public boolean holds(Message message) {
      return like(texts, message.options().get(Code.VENDOR_CLASS));
    }
  }

  /** Option 77 is like one of these, whole or in one of its parts (RFC 3004). */
  record UserClass(List<TextMatch> texts) implements Condition {
    public UserClass {
      texts = List.copyOf(texts);
    }

    @Override
    public boolean holds(Message message) {
      var whole = message.options().get(Code.USER_CLASS);
      return like(texts, whole) || whole.map(this::inParts).orElse(false);
    }

    private boolean inParts(Octets whole) {
      int at = 0;
      while (at < whole.size() && at + 1 + whole.at(at) <= whole.size()) {
        var part = Octets.of(whole.toBytes(), at + 1, whole.at(at));
        if (like(texts, Optional.of(part))) {
          return true;
        }
        at += 1 + part.size();
      }
      return false;
    }
  }

  /** The hardware address begins with one of these. */
  record Mac(List<Octets> prefixes) implements Condition {
    public Mac {
      prefixes = List.copyOf(prefixes);
    }

    @Override
    public boolean holds(Message message) {
      var address = message.hardware().address();
      return prefixes.stream()
          .anyMatch(
              p ->
                  p.size() <= address.size()
                      && Octets.of(address.toBytes(), 0, p.size()).equals(p));
    }
  }

  /**
   * The hardware address was made up by the client's system, not given by its maker (IEEE 802, the
   * "locally administered" bit): phones that change theirs from network to network.
   */
  record RandomisedMac(boolean wanted) implements Condition {
    @Override
    public boolean holds(Message message) {
      boolean randomised =
          message.hardware().isEthernet() && (message.hardware().address().at(0) & 2) != 0;
      return randomised == wanted;
    }
  }

  /** A part of option 82 is like one of these (RFC 3046). */
  record RelayPart(int code, List<TextMatch> texts) implements Condition {
    public RelayPart {
      texts = List.copyOf(texts);
    }

    @Override
    public boolean holds(Message message) {
      return like(texts, Optional.ofNullable(relay(message).parts().get(code)));
    }

    private static RelayInfo relay(Message message) {
      return message.options().relayInfo();
    }
  }

  /** The relay's address lies in one of these networks. */
  record Relay(List<Prefix> networks) implements Condition {
    public Relay {
      networks = List.copyOf(networks);
    }

    @Override
    public boolean holds(Message message) {
      return !message.giaddr().isNone()
          && networks.stream().anyMatch(n -> n.contains(message.giaddr().toInet()));
    }
  }

  /** An option is there, and has this value if one is given. */
  record Option(int code, Optional<Octets> value) implements Condition {
    @Override
    public boolean holds(Message message) {
      var sent = message.options().get(code);
      return sent.isPresent() && (value.isEmpty() || value.equals(sent));
    }
  }

  /** All hold. */
  record All(List<Condition> of) implements Condition {
    public All {
      of = List.copyOf(of);
    }

    @Override
    public boolean holds(Message message) {
      return of.stream().allMatch(c -> c.holds(message));
    }
  }

  /** At least one holds. */
  record Any(List<Condition> of) implements Condition {
    public Any {
      of = List.copyOf(of);
    }

    @Override
    public boolean holds(Message message) {
      return of.stream().anyMatch(c -> c.holds(message));
    }
  }

  /** It does not hold. */
  record Not(Condition of) implements Condition {
    @Override
    public boolean holds(Message message) {
      return !of.holds(message);
    }
  }

  private static boolean like(List<TextMatch> texts, Optional<Octets> bytes) {
    return bytes.isPresent() && texts.stream().anyMatch(t -> t.matches(bytes.get()));
  }
}
