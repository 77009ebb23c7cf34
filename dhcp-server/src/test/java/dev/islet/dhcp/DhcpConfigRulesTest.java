package dev.islet.dhcp;

import dev.islet.testkit.ConfigRules;

class DhcpConfigRulesTest extends ConfigRules {
  DhcpConfigRulesTest() {
    super(DhcpConfig.class, "../config/local/dhcp.yaml", "../config/pi/dhcp.yaml");
  }
}
