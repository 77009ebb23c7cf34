package dev.islet.monitor.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.wire.JsonReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static final Map<String, Object> SAMPLE =
      JsonReader.object(
          JsonReader.read(
              """
              {"host":{"name":"pi","model":"Raspberry Pi 4","uptime":90000},
               "board":{"cpu":0.25,"load":[0.5,0.4,0.3],"frequency":1500000000,"temperature":null,
                "memory":{"total":1073741824,"available":536870912},"disk":{"total":null,"free":null},
                "throttle":{"now":["under-voltage"],"since":[]}},
               "interfaces":[{"name":"eth0","up":true,"rxRate":1500.0,"txRate":null},{"name":"tun","up":false}],
               "alerts":[{"rule":"service-down:dns","text":"dns is down"}],
               "services":[
                {"name":"dns","state":"down","why":"nobody\\u001b[2J listens","process":null,"container":null,"figures":[]},
                {"name":"web","state":"up","why":null,"process":{"cpu":0.015,"rss":50331648,"pss":41943040,"shared":[]},"container":null,
                 "figures":[{"label":"Requests","value":12.5,"unit":"/s","main":true},{"label":"Side","value":1,"unit":"","main":false},
                  {"label":"Time to answer","value":null,"unit":"ms","main":true}]}]}
              """));

  @Test
  void a_sample_becomes_lines() {
    var lines = Screen.draw(SAMPLE, 200, false);
    assertThat(lines)
        .contains(
            "pi, Raspberry Pi 4, up 1 d 1 h",
            "cpu 25 %   load 0.5 0.4 0.3   temperature -   clock 1.5 GHz",
            "memory 512 MiB free of 1 GiB   disk - free of -",
            "held back: [under-voltage]",
            "! service-down:dns: dns is down",
            "web       up        1.5 %     40 MiB   Requests 12.5 /s, Time to answer -",
            "eth0            1.5 kB/s            -");
    assertThat(lines).noneMatch(l -> l.contains("tun"));
  }

  @Test
  void lines_are_cut_and_move_no_cursor() {
    assertThat(Screen.draw(SAMPLE, 40, true))
        .allSatisfy(
            line -> {
              assertThat(line).doesNotContain("\u001b[2J");
              assertThat(line.replaceAll("\u001b\\[\\d+m", "").length()).isLessThanOrEqualTo(40);
            });
  }
}
