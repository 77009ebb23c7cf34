package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.dhcp.classify.ClientClass;
import dev.islet.dhcp.model.Ip4;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A kind of clients: who is one, and what they get over what their subnet gives. */
public record ClassConfig(
    @Key("its name, for pools") String name,
    @Key("who is a member; every key given must hold") ConditionConfig when,
    @Key(value = "members get nothing at all", def = "false") boolean refuse,
    @Key("how long members may keep an address; by default as their subnet says")
        Optional<Duration> lease,
    @Key("boot server of members") Optional<Ip4> nextServer,
    @Key("boot file of members") Optional<String> bootFile,
    @Key(value = "options of members, by name or code", def = "{}") Map<String, String> options) {
  public ClassConfig {
    if (!name.matches("[a-z0-9-]+")) {
      throw new BadValue("name", "expected small letters, digits and dashes");
    }
    if (lease.filter(l -> l.compareTo(Duration.ofMinutes(1)) < 0).isPresent()) {
      throw new BadValue("lease", "expected at least 1m");
    }
    OptionTexts.parse(options);
  }

  ClientClass plan() {
    return new ClientClass(
        name, when.plan(), refuse, lease, nextServer, bootFile, OptionTexts.parse(options));
  }
}
