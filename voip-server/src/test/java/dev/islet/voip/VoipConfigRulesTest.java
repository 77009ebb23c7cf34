package dev.islet.voip;

import dev.islet.testkit.ConfigRules;

class VoipConfigRulesTest extends ConfigRules {
  VoipConfigRulesTest() {
    super(VoipConfig.class, "../config/local/voip.yaml", "../config/pi/voip.yaml");
  }
}
