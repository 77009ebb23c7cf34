package dev.islet.monitor.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Charts as SVG: curves over time, one frame above another so that each has a scale of its own, and
 * bars side by side. Nothing but shapes and text; no script, no fonts of others.
 */
public final class Chart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 150;
  private static final int LEFT = 64;
  private static final int RIGHT = 130;
  private static final int TOP = 28;
  private static final int GAP = 46;
  private static final List<String> COLORS =
      List.of("#0b6e99", "#b4460f", "#3d7a3d", "#8a4fa3", "#9a7700", "#b0305c", "#4c5a67");

  private final StringBuilder out = new StringBuilder(1 << 14);

  private Chart() {}

  /** A frame with its title and curves. */
  public record Frame(String title, String unit, List<Run.Curve> curves) {}

  /** A group of bars: one value for each of the labels. */
  public record Bars(
      String title, String unit, List<String> labels, List<@Nullable Double> values) {}

  /** Curves over time, in frames. */
  public static String curves(String title, List<Long> times, List<Frame> frames) {
    var chart = new Chart();
    int height = TOP + frames.size() * (HEIGHT + GAP);
    chart.open(title, height);
    int top = TOP + 20;
    for (var frame : frames) {
      chart.frame(frame, times, top);
      top += HEIGHT + GAP;
    }
    return chart.close();
  }

  /** Bars, in frames. */
  public static String bars(String title, List<Bars> frames) {
    var chart = new Chart();
    chart.open(title, TOP + frames.size() * (HEIGHT + GAP + 10));
    int top = TOP + 20;
    for (var frame : frames) {
      chart.bars(frame, top);
      top += HEIGHT + GAP + 10;
    }
    return chart.close();
  }

  private void open(String title, int height) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(height)
        .append("\" width=\"")
        .append(WIDTH)
        .append("\" height=\"")
        .append(height)
        .append("\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n<title>")
        .append(escaped(title))
        .append("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    text(LEFT, 18, "start", "font-weight=\"bold\" font-size=\"14\"", title);
  }

  private String close() {
    return out.append("</svg>\n").toString();
  }

  private void frame(Frame frame, List<Long> times, int top) {
    double max = 0;
    boolean any = false;
    for (var curve : frame.curves()) {
      for (var value : curve.values()) {
        if (value != null) {
          max = Math.max(max, value);
          any = true;
        }
      }
    }
    text(LEFT, top - 6, "start", "", frame.title());
    if (!any) {
      text(LEFT + 10, top + HEIGHT / 2, "start", "fill=\"#666\"", "unknown on this board");
      box(top);
      return;
    }
    double step = step(max, frame.unit());
    double scale = Math.max(step, Math.ceil(max / step - 1e-9) * step);
    grid(top, scale, step, frame.unit());
    long from = times.getFirst();
    double span = Math.max(1000, times.getLast() - from);
    int color = 0;
    for (var curve : frame.curves()) {
      var paint = COLORS.get(color % COLORS.size());
      path(curve, times, from, span, top, scale, paint);
      if (frame.curves().size() > 1) {
        int y = top + 10 + color * 16;
        out.append(line(WIDTH - RIGHT + 12, y - 4, WIDTH - RIGHT + 28, y - 4, paint, 2));
        text(WIDTH - RIGHT + 34, y, "start", "", curve.label());
      }
      color++;
    }
    text(LEFT, top + HEIGHT + 16, "middle", "fill=\"#444\"", "0 s");
    text(
        WIDTH - RIGHT,
        top + HEIGHT + 16,
        "middle",
        "fill=\"#444\"",
        Math.round(span / 1000) + " s");
  }

  private void path(
      Run.Curve curve,
      List<Long> times,
      long from,
      double span,
      int top,
      double scale,
      String paint) {
    var path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < Math.min(curve.values().size(), times.size()); i++) {
      var value = curve.values().get(i);
      if (value == null) {
        pen = false; // a gap is a gap
        continue;
      }
      path.append(pen ? 'L' : 'M')
          .append(number(LEFT + (times.get(i) - from) / span * (WIDTH - LEFT - RIGHT)))
          .append(' ')
          .append(number(top + HEIGHT - value / scale * HEIGHT));
      pen = true;
    }
    out.append("<path d=\"")
        .append(path)
        .append("\" fill=\"none\" stroke=\"")
        .append(paint)
        .append("\" stroke-width=\"1.6\" stroke-linejoin=\"round\"/>\n");
  }

  private void bars(Bars bars, int top) {
    text(LEFT, top - 6, "start", "", bars.title());
    double max = 0;
    for (var value : bars.values()) {
      max = Math.max(max, value == null ? 0 : value);
    }
    if (bars.labels().isEmpty()) {
      text(LEFT + 10, top + HEIGHT / 2, "start", "fill=\"#666\"", "there was none");
      box(top);
      return;
    }
    double step = step(max, bars.unit());
    double scale = Math.max(step, Math.ceil(max / step - 1e-9) * step);
    grid(top, scale, step, bars.unit());
    double room = (WIDTH - LEFT - RIGHT) / (double) bars.labels().size();
    double width = Math.min(48, room * 0.6);
    for (int i = 0; i < bars.labels().size(); i++) {
      double middle = LEFT + room * (i + 0.5);
      var value = bars.values().get(i);
      if (value == null) {
        text(middle, top + HEIGHT - 6, "middle", "fill=\"#666\"", "?");
      } else {
        double height = value / scale * HEIGHT;
        out.append("<rect x=\"")
            .append(number(middle - width / 2))
            .append("\" y=\"")
            .append(number(top + HEIGHT - height))
            .append("\" width=\"")
            .append(number(width))
            .append("\" height=\"")
            .append(number(Math.max(height, 0.5)))
            .append("\" fill=\"")
            .append(COLORS.getFirst())
            .append("\"/>\n");
        text(
            middle,
            top + HEIGHT - height - 4,
            "middle",
            "font-size=\"11\"",
            shown(value, bars.unit(), true));
      }
      text(middle, top + HEIGHT + 16, "middle", "font-size=\"11\"", bars.labels().get(i));
    }
  }

  private void grid(int top, double scale, double step, String unit) {
    for (double at = 0; at <= scale + 1e-9; at += step) {
      double y = top + HEIGHT - at / scale * HEIGHT;
      out.append(line(LEFT, y, WIDTH - RIGHT, y, "#ddd", 1));
      text(LEFT - 6, y + 4, "end", "fill=\"#444\"", shown(at, unit, false));
    }
    box(top);
  }

  private void box(int top) {
    out.append("<rect x=\"")
        .append(LEFT)
        .append("\" y=\"")
        .append(top)
        .append("\" width=\"")
        .append(WIDTH - LEFT - RIGHT)
        .append("\" height=\"")
        .append(HEIGHT)
        .append("\" fill=\"none\" stroke=\"#888\"/>\n");
  }

  /** A round distance between lines of which three to six fit. */
  private static double step(double max, String unit) {
    if (unit.equals("B") && max > 0) {
      return step(max / (1 << 20), "") * (1 << 20);
    }
    if (max <= 0) {
      return unit.equals("%") ? 0.01 : 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(max)));
    for (double factor : new double[] {0.2, 0.25, 0.5, 1, 2}) {
      if (max / (factor * power) <= 5) {
        return factor * power;
      }
    }
    return 2 * power;
  }

  static String shown(double value, String unit, boolean exact) {
    return switch (unit) {
      case "%" -> trimmed(value * 100, exact ? 2 : 1) + " %";
      case "Hz" -> trimmed(value / 1e9, 2) + " GHz";
      case "B" ->
          value < 1 << 30
              ? trimmed(value / (1 << 20), 1) + " MiB"
              : trimmed(value / (1 << 30), 1) + " GiB";
      default -> trimmed(value, 2) + (unit.isEmpty() ? "" : " " + unit);
    };
  }

  private static String trimmed(double value, int digits) {
    var text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.contains(".") ? text.replaceFirst("0+$", "").replaceFirst("\\.$", "") : text;
  }

  private static String line(double x1, double y1, double x2, double y2, String paint, int width) {
    return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"%d\"/>\n"
        .formatted(number(x1), number(y1), number(x2), number(y2), paint, width);
  }

  private void text(double x, double y, String anchor, String attributes, String text) {
    out.append("<text x=\"")
        .append(number(x))
        .append("\" y=\"")
        .append(number(y))
        .append("\" text-anchor=\"")
        .append(anchor)
        .append("\" ")
        .append(attributes)
        .append('>')
        .append(escaped(text))
        .append("</text>\n");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The frames of the board's curves that belong together. */
  static List<Frame> frames(Run run) {
    var frames = new ArrayList<Frame>();
    for (var curve : run.board()) {
      frames.add(new Frame(curve.label(), curve.unit(), List.of(curve)));
    }
    return frames;
  }
}
