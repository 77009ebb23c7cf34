package dev.islet.voip;

import dev.islet.testkit.HouseRules;

class VoipHouseTest extends HouseRules {
  VoipHouseTest() {
    super("dev.islet.voip");
  }
}
