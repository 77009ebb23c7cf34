package dev.islet.dhcp;

import dev.islet.testkit.HouseRules;

class DhcpHouseTest extends HouseRules {
  DhcpHouseTest() {
    super("dev.islet.dhcp");
  }
}
