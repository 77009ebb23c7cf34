package dev.islet.dns;

import dev.islet.testkit.HouseRules;

class DnsHouseTest extends HouseRules {
  DnsHouseTest() {
    super("dev.islet.dns");
  }
}
