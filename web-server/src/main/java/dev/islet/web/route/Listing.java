package dev.islet.web.route;

import dev.islet.core.trace.Json;
import dev.islet.web.wire.TargetPath;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** The content of a folder as a page or as JSON. */
final class Listing {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Listing() {}

  static String json(List<Entry> entries) {
    return Json.write(
            entries.stream()
                .map(
                    entry -> {
                      var one = new LinkedHashMap<String, Object>();
                      one.put("name", entry.name());
                      one.put("type", entry.folder() ? "folder" : "file");
                      if (!entry.folder()) {
                        one.put("size", entry.size());
                      }
                      one.put("modified", instant(entry).toString());
                      return one;
                    })
                .toList())
        + "\n";
  }

  static String page(String path, List<Entry> entries) {
    var title = "Index of " + Pages.escape(path);
    var out = new StringBuilder();
    out.append("<h1>").append(title).append("</h1>\n");
    if (!path.equals("/")) {
      out.append("<p><a href=\"../\">Up to the folder above</a></p>\n");
    }
    if (entries.isEmpty()) {
      out.append("<p>This folder is empty.</p>\n");
    } else {
      out.append("<table>\n<caption>")
          .append(entries.size())
          .append(entries.size() == 1 ? " entry" : " entries")
          .append("</caption>\n<thead><tr><th scope=\"col\">Name</th>")
          .append("<th scope=\"col\" class=\"n\">Size</th><th scope=\"col\">Changed (UTC)</th>")
          .append("</tr></thead>\n<tbody>\n");
      for (var entry : entries) {
        row(out, entry);
      }
      out.append("</tbody>\n</table>\n");
    }
    return Pages.page(title, out.toString());
  }

  private static void row(StringBuilder out, Entry entry) {
    var slash = entry.folder() ? "/" : "";
    out.append("<tr><th scope=\"row\"><a href=\"./")
        .append(TargetPath.encode(entry.name()))
        .append(slash)
        .append("\">")
        .append(Pages.escape(entry.name()))
        .append(slash)
        .append("</a></th><td class=\"n\">")
        .append(entry.folder() ? "folder" : size(entry.size()))
        .append("</td><td><time datetime=\"")
        .append(instant(entry))
        .append("\">")
        .append(WHEN.format(instant(entry)))
        .append("</time></td></tr>\n");
  }

  private static Instant instant(Entry entry) {
    return Instant.ofEpochSecond(Math.floorDiv(entry.modified(), 1_000_000_000L));
  }

  private static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double n = bytes;
    for (var unit : List.of("KiB", "MiB", "GiB")) {
      n /= 1024;
      if (n < 1024) {
        return String.format(Locale.ROOT, "%.1f %s", n, unit);
      }
    }
    return String.format(Locale.ROOT, "%.1f TiB", n / 1024);
  }
}
