package dev.islet.monitor.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.wire.JsonReader;
import java.io.StringReader;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
  private static Map<String, Object> sample(int second, double cpu, String throttle, String state) {
    return JsonReader.object(
        JsonReader.read(
            """
            {"time":%d,"host":{"name":"pi","model":null,"kernel":"6.12","java":"25"},
             "board":{"cpu":%s,"cores":[0.1,0.1],"load":[0.5,0.4,0.3],"frequency":null,
              "memory":{"total":1000,"available":400},"temperature":48.5,
              "throttle":{"now":[%s],"since":[]}},
             "services":[
              {"name":"dns","state":"%s","process":{"pid":1,"shared":["dns","dhcp"],"cpu":%s,"rss":3000000,"pss":2000000},"container":null},
              {"name":"dhcp","state":"up","process":{"pid":1,"shared":["dns","dhcp"],"cpu":%s,"rss":3000000,"pss":2000000},"container":null}]}
            """
                .formatted(
                    1_764_000_000_000L + second * 1000L, cpu, throttle, state, cpu * 2, cpu * 2)));
  }

  private static final Map<String, Object> VOIP =
      JsonReader.object(
          JsonReader.read(
              """
              {"calls":[],"finished":[
               {"caller":"=100","callee":"101 <b>","ended":"2030-01-01T00:00:00Z","quality":{"streams":[
                {"from":"A","packets":500,"delayMs":null,"jitter":{"mean":1.25},"loss":{"expected":100,"lost":3,"duplicates":0},"mos":4.1},
                {"from":"B","packets":499,"delayMs":12.5,"jitter":{"mean":2.5},"loss":{"expected":100,"lost":0,"duplicates":0},"mos":4.3}]}},
               {"caller":"102","callee":"103","ended":"2020-01-01T00:00:00Z","quality":{"streams":[{"from":"A"}]}}]}
              """));

  @Test
  void a_run_becomes_tables_and_charts() throws Exception {
    var run = new Run();
    for (int i = 0; i < 10; i++) {
      run.add(sample(i, i == 5 ? 0.4 : 0.1, "", "up"));
    }
    run.add(sample(9, 0.9, "", "down")); // told between two seconds
    assertThat(run.times()).hasSize(10);
    assertThat(run.marks()).isEmpty();
    var files = new Report(run, VOIP).files();
    assertThat(files.get("services.csv").lines())
        .contains("dns,0.260000,0.800000,2000000,2000000,dns dhcp,0");
    assertThat(files.get("calls.csv").lines())
        .containsExactly(
            "call,from,packets,delay_ms,jitter_ms,loss,mos",
            "\"'=100→101 <b>\",A,500,,1.250000,0.030000,4.100000",
            "\"'=100→101 <b>\",B,499,12.500000,2.500000,0,4.300000");
    assertThat(files.get("board.csv").lines()).hasSize(11);
    for (var svg : new String[] {"board.svg", "services.svg", "calls.svg"}) {
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(files.get(svg))));
      assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    }
    assertThat(files.get("board.svg")).contains("unknown on this board");
    assertThat(files.get("report.html"))
        .contains("Nothing disturbed", "<td>dns, dhcp</td>", "<svg")
        .doesNotContain("101 <b>");
  }

  @Test
  void what_disturbs_a_run_is_told() {
    var run = new Run();
    run.add(sample(0, 0.1, "", "up"));
    run.add(sample(1, 0.1, "\"under-voltage\"", "down"));
    run.add(sample(5, 0.1, "", "up"));
    assertThat(run.marks())
        .containsExactly(
            "throttled: under-voltage for 1 seconds",
            "disturbed: 3 seconds without a sample",
            "dns was not up for 1 seconds");
    var others = new Run();
    for (int i = 0; i < 5; i++) {
      var sample = sample(i, 0.1, "", "up");
      JsonReader.object(sample.get("board")).put("cpu", 0.9);
      others.add(sample);
    }
    assertThat(others.marks())
        .containsExactly("disturbed: other programs used 160 % of one core on average");
    assertThat(new Report(others, Map.of()).files().get("report.html")).contains("Do not compare");
    assertThat(new Report(new Run(), Map.of()).files()).containsKey("report.html");
  }
}
