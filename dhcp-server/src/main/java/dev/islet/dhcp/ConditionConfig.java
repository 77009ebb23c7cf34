package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.classify.Condition;
import dev.islet.dhcp.classify.TextMatch;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.OptionKind;
import dev.islet.dhcp.wire.OptionText;
import dev.islet.dhcp.wire.RelayInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What must hold of a client: every key that is given, and of several values of a key one.
 *
 * <pre>{@code
 * when: {vendor-class: [android-dhcp-*, dhcpcd-*Android*], not: {mac: [b8:27:eb]}}
 * }</pre>
 */
public record ConditionConfig(
    @Key(value = "option 60 is like one of these; * stands for anything", def = "[]")
        List<TextMatch> vendorClass,
    @Key(value = "option 77 is like one of these", def = "[]") List<TextMatch> userClass,
    @Key(value = "the MAC address begins with one of these, like b8:27:eb", def = "[]")
        List<Octets> mac,
    @Key("whether the MAC address is made up by the client's system, as phones do")
        Optional<Boolean> randomisedMac,
    @Key(value = "the circuit of option 82 is like one of these", def = "[]")
        List<TextMatch> circuitId,
    @Key(value = "the remote end of option 82 is like one of these", def = "[]")
        List<TextMatch> remoteId,
    @Key(value = "the relay's address lies in one of these networks", def = "[]")
        List<Prefix> relay,
    @Key(value = "one of these options was sent", def = "[]") List<OptionSent> option,
    @Key(value = "all of these hold", def = "[]") List<ConditionConfig> all,
    @Key(value = "one of these holds", def = "[]") List<ConditionConfig> any,
    @Key("this does not hold") Optional<ConditionConfig> not) {
  /** An option that a client sent. */
  public record OptionSent(
      @Key("the option, by name or code") String name,
      @Key("what it must be, as text of its format or hex:…") Optional<String> is) {
    public OptionSent {
      try {
        plan(name, is);
      } catch (IllegalArgumentException e) {
        throw new BadValue("name", String.valueOf(e.getMessage()));
      }
    }

    private static Condition plan(String name, Optional<String> is) {
      var kind = OptionKind.parse(name);
      return new Condition.Option(kind.code(), is.map(text -> OptionText.parse(kind, text)));
    }

    Condition plan() {
      return plan(name, is);
    }
  }

  public ConditionConfig {
    if (vendorClass.isEmpty()
        && userClass.isEmpty()
        && mac.isEmpty()
        && randomisedMac.isEmpty()
        && circuitId.isEmpty()
        && remoteId.isEmpty()
        && relay.isEmpty()
        && option.isEmpty()
        && all.isEmpty()
        && any.isEmpty()
        && not.isEmpty()) {
      throw new BadValue("", "expected something that must hold, like {vendor-class: PXEClient*}");
    }
  }

  Condition plan() {
    var every = new ArrayList<Condition>();
    if (!vendorClass.isEmpty()) {
      every.add(new Condition.VendorClass(vendorClass));
    }
    if (!userClass.isEmpty()) {
      every.add(new Condition.UserClass(userClass));
    }
    if (!mac.isEmpty()) {
      every.add(new Condition.Mac(mac));
    }
    randomisedMac.ifPresent(wanted -> every.add(new Condition.RandomisedMac(wanted)));
    if (!circuitId.isEmpty()) {
      every.add(new Condition.RelayPart(RelayInfo.CIRCUIT_ID, circuitId));
    }
    if (!remoteId.isEmpty()) {
      every.add(new Condition.RelayPart(RelayInfo.REMOTE_ID, remoteId));
    }
    if (!relay.isEmpty()) {
      every.add(new Condition.Relay(relay));
    }
    if (!option.isEmpty()) {
      every.add(new Condition.Any(option.stream().map(OptionSent::plan).toList()));
    }
    all.forEach(c -> every.add(c.plan()));
    if (!any.isEmpty()) {
      every.add(new Condition.Any(any.stream().map(ConditionConfig::plan).toList()));
    }
    not.ifPresent(c -> every.add(new Condition.Not(c.plan())));
    return every.size() == 1 ? every.getFirst() : new Condition.All(every);
  }
}
