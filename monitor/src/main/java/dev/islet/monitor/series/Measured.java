package dev.islet.monitor.series;

import dev.islet.monitor.model.Sample;
import dev.islet.monitor.model.ServiceSample;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values of a sample that go to the history, under their names. */
public final class Measured {
  private final History history;
  private float[] values = new float[History.MOST];

  private Measured(History history) {
    this.history = history;
    Arrays.fill(values, Float.NaN);
  }

  /** By the numbers that the history has for them. */
  public static float[] of(Sample sample, History history) {
    var measured = new Measured(history);
    measured.board(sample);
    sample.services().forEach(measured::service);
    return Arrays.copyOf(measured.values, history.names().size());
  }

  private void board(Sample sample) {
    var board = sample.board();
    put("board.cpu", "CPU", "%", board.cpu());
    put("board.load1", "Load", "", board.load().isEmpty() ? null : board.load().getFirst());
    put("board.memory", "Memory in use", "%", board.memory().used());
    put("board.temperature", "Temperature", "°C", board.temperature());
    put("board.disk", "Disk in use", "%", used(board.disk()));
    for (var nic : sample.interfaces()) {
      if (nic.up() && !nic.name().startsWith("veth")) { // those of containers come and go
        put("net." + nic.name() + ".rx", nic.name() + " in", "B/s", nic.rxRate());
        put("net." + nic.name() + ".tx", nic.name() + " out", "B/s", nic.txRate());
      }
    }
  }

  private void service(ServiceSample service) {
    var process = service.process();
    var container = service.container();
    if (process != null) {
      put(service.name() + ".cpu", service.name() + " CPU", "%", process.cpu());
    }
    var memory =
        container != null && container.memory() != null
            ? container.memory()
            : process == null ? null : process.pss() == null ? process.rss() : process.pss();
    if (memory != null) {
      put(service.name() + ".memory", service.name() + " memory", "B", memory.doubleValue());
    }
    for (var figure : service.figures()) {
      put(figure.key(), figure.label(), figure.unit(), figure.value());
    }
  }

  private static @Nullable Double used(Sample.Disk disk) {
    return disk.total() == null || disk.free() == null || disk.total() == 0
        ? null
        : Double.valueOf((disk.total() - disk.free()) / (double) disk.total());
  }

  private void put(String key, String label, String unit, @Nullable Double value) {
    if (value != null) {
      history
          .index(new History.Name(key, label, unit))
          .ifPresent(i -> values[i] = value.floatValue());
    }
  }
}
