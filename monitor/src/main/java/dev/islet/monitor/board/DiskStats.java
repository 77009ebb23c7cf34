package dev.islet.monitor.board;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a device has read and written since the start, in bytes. */
public record DiskStats(long read, long written) {
  /** The kernel counts in these here whatever the device's own are. */
  private static final int SECTOR = 512;

  /**
   * Finds a device in {@code /proc/diskstats}.
   *
   * @param device as major:minor
   * @return null for what has no device of its own: an overlay, tmpfs, a network's
   */
  public static @Nullable DiskStats parse(String text, String device) {
    var numbers = device.split(":", -1);
    if (numbers.length != 2) {
      return null;
    }
    for (var line : Lines.of(text)) {
      var words = Lines.words(line);
      if (words.size() >= 10
          && words.get(0).equals(numbers[0])
          && words.get(1).equals(numbers[1])) {
        var read = Lines.whole(words.get(5));
        var written = Lines.whole(words.get(9));
        return read == null || written == null
            ? null
            : new DiskStats(read * SECTOR, written * SECTOR);
      }
    }
    return null;
  }

  /**
   * The device of a folder, from {@code /proc/self/mountinfo}: that of the longest mount point that
   * leads to it.
   *
   * @return major:minor, or null if no mount point does
   */
  public static @Nullable String device(String mountinfo, String folder) {
    String best = null;
    int length = -1;
    for (var line : Lines.of(mountinfo)) {
      var words = Lines.words(line);
      if (words.size() > 5) {
        var point = unescaped(words.get(4));
        boolean leads = point.equals("/") || folder.equals(point) || folder.startsWith(point + "/");
        if (leads && point.length() >= length) { // a later mount hides an earlier one
          best = words.get(2);
          length = point.length();
        }
      }
    }
    return best;
  }

  /** Space, tab, line feed and backslash are written as three octal digits. */
  private static String unescaped(String point) {
    var out = point;
    for (var code : List.of("040", "011", "012", "134")) {
      out = out.replace("\\" + code, String.valueOf((char) Integer.parseInt(code, 8)));
    }
    return out;
  }
}
