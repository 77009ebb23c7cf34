package dev.islet.dns;

import dev.islet.testkit.ConfigRules;

class DnsConfigRulesTest extends ConfigRules {
  DnsConfigRulesTest() {
    super(DnsConfig.class, "../config/local/dns.yaml", "../config/pi/dns.yaml");
  }
}
