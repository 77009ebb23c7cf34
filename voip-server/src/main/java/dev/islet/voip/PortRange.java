package dev.islet.voip;

/**
 * A range of UDP ports, both ends included.
 *
 * @param first at least 1024, or 0 for any free ports
 * @param last at least three above the first
 */
public record PortRange(int first, int last) {
  public PortRange {
    if (first != 0 && (first < 1024 || last > 65_535 || last - first < 3)) {
      throw new IllegalArgumentException(
          "ports " + first + "-" + last + " must lie in 1024-65535 and be at least four");
    }
  }

  /** Reads {@code 10000-10200}, or {@code 0} for any free ports. */
  public static PortRange parse(String text) {
    if (text.strip().equals("0")) {
      return new PortRange(0, 0);
    }
    var ends = text.split("-", -1);
    try {
      if (ends.length == 2) {
        return new PortRange(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected(text), e);
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return "expected a range of ports like 10000-10200 but found \"" + text + "\"";
  }

  @Override
  public String toString() {
    return first == 0 ? "0" : first + "-" + last;
  }
}
