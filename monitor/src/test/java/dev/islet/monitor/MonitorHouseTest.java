package dev.islet.monitor;

import dev.islet.testkit.HouseRules;

class MonitorHouseTest extends HouseRules {
  MonitorHouseTest() {
    super("dev.islet.monitor");
  }
}
