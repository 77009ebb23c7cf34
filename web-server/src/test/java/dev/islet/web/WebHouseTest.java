package dev.islet.web;

import dev.islet.testkit.HouseRules;

class WebHouseTest extends HouseRules {
  WebHouseTest() {
    super("dev.islet.web");
  }
}
