package dev.islet.ftp;

import dev.islet.testkit.HouseRules;

class FtpHouseTest extends HouseRules {
  FtpHouseTest() {
    super("dev.islet.ftp");
  }
}
