package dev.islet.router;

import dev.islet.testkit.ConfigRules;

class RouterConfigRulesTest extends ConfigRules {
  RouterConfigRulesTest() {
    super(RouterConfig.class, "../config/local/router.yaml", "../config/pi/router.yaml");
  }
}
